import type { Client, RESTPostAPIChatInputApplicationCommandsJSONBody } from 'discord.js';
import { Routes } from 'discord.js';
import type { Logger } from 'pino';
import { z } from 'zod';

const registeredSchema = z.array(z.looseObject({ name: z.string() }));

/** Registers the commands with Discord, only when what is registered differs: there is a daily limit on it. */
export async function registerCommands(
  client: Client<true>,
  definitions: readonly RESTPostAPIChatInputApplicationCommandsJSONBody[],
  log: Logger,
): Promise<'unchanged' | 'registered'> {
  const route = Routes.applicationCommands(client.application.id);
  // Without it Discord leaves out what they are called in other languages, and they would differ at every start.
  const query = new URLSearchParams({ with_localizations: 'true' });
  const registered = registeredSchema.parse(await client.rest.get(route, { query }));
  const same =
    registered.length === definitions.length &&
    definitions.every((definition) => {
      const there = registered.find((command) => command.name === definition.name);
      return there !== undefined && sameDefinition(definition, there);
    });
  if (same) return 'unchanged';
  await client.rest.put(route, { body: definitions });
  log.info({ commands: definitions.map((definition) => definition.name) }, 'commands registered');
  return 'registered';
}

/**
 * Whether what Discord holds says the same as ours. Discord leaves out or adds fields that are at their default, so an
 * absent field equals null, false and an empty list, and fields that we do not send are Discord's own (ids, versions).
 */
export function sameDefinition(ours: unknown, theirs: unknown, top = true): boolean {
  if (isDefault(ours) && isDefault(theirs)) return true;
  if (Array.isArray(ours)) {
    if (!Array.isArray(theirs) || ours.length !== theirs.length) return false;
    return ours.every((item, index) => sameDefinition(item, theirs[index], false));
  }
  if (isRecord(ours)) {
    if (!isRecord(theirs)) return false;
    const keys = new Set([...Object.keys(ours), ...(top ? [] : Object.keys(theirs))]);
    return [...keys].every((key) => sameDefinition(ours[key], theirs[key], false));
  }
  return ours === theirs;
}

function isDefault(value: unknown): boolean {
  return value === undefined || value === null || value === false || (Array.isArray(value) && value.length === 0);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
