import type { Command, ComponentHandler } from './command.ts';
import { downloads } from './downloads.ts';
import { helpFor } from './help.ts';
import { library } from './library.ts';
import { preferences } from './preferences.ts';
import { request } from './request.ts';
import { services } from './services.ts';
import { status } from './status.ts';
import { tryAgainHandler } from './try-again.ts';

/** A new command is a file and a line here. */
const working: readonly Command[] = [request, library, downloads, status, services, preferences];

/** Every slash command. `/help` tells of the others. */
export const commands: readonly Command[] = [...working, helpFor(working)];

/** The command of a name that Discord sent, or null for one that an older version registered. */
export function findCommand(name: string): Command | null {
  return commands.find((command) => command.definition.name === name) ?? null;
}

/** Buttons of no command: under an answer. */
const underAnswers: Record<string, ComponentHandler> = { again: tryAgainHandler };

/** The handler of a custom_id's prefix, or null for a button of an older version. */
export function findComponentHandler(prefix: string): ComponentHandler | null {
  for (const components of [underAnswers, ...commands.map((command) => command.components)]) {
    if (components !== undefined && Object.hasOwn(components, prefix)) return components[prefix] ?? null;
  }
  return null;
}
