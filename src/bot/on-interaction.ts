import {
  type AutocompleteInteraction,
  type ChatInputCommandInteraction,
  DiscordAPIError,
  DiscordjsTypeError,
  type Interaction,
  InteractionContextType,
  type MessageComponentInteraction,
  MessageFlags,
  type ModalSubmitInteraction,
} from 'discord.js';
import type { Logger } from 'pino';
import type { Acknowledgement } from '../commands/command.ts';
import { tokenEnd } from '../commands/interaction-token.ts';
import { findCommand, findComponentHandler } from '../commands/registry.ts';
import type { Arrival } from '../db/queries/arrivals.ts';
import { leaveInteractionToken } from '../db/queries/users.ts';
import { ChatSDKError, TakenOverError } from '../errors.ts';
import { sayIn } from '../languages/say-in.ts';
import { messages, type Saying } from '../messages.ts';
import { describeError, isExpected } from '../tools/describe-error.ts';
import { accessMessages, mayUse } from './access.ts';
import { answerStored } from './answer-stored.ts';
import { arrivalOf, type BotContext, commandContextFor, contextOfEvent } from './bot-context.ts';
import type { EventKind } from './metrics.ts';
import { sayToReaders } from './readers.ts';

type Answerable = Extract<
  Interaction,
  ChatInputCommandInteraction | MessageComponentInteraction | ModalSubmitInteraction
>;

/** A form's answer must leave within this, in milliseconds. */
const formMs = 2000;

export const interactionMessages = messages('interaction', {
  isOutdated: 'This is from an older version of the bot. Type the command again.',
});

/** Handles one interaction to its end. Never throws: what fails is told to the person and logged. */
export async function handleInteraction(shared: BotContext, interaction: Interaction): Promise<void> {
  const context = contextOfEvent(shared, interaction.id);
  const { log } = context.ledger;
  const who = { userId: interaction.user.id, guildId: interaction.guildId };
  try {
    if (interaction.isAutocomplete())
      return await answerAutocomplete(context, interaction, mayUse(context.access, who));
    if (!isAnswerable(interaction)) return;
    if (!mayUse(context.access, who)) {
      const content = sayIn(interaction.locale)(accessMessages.isPrivate, { userId: interaction.user.id });
      await interaction.reply({ content, flags: MessageFlags.Ephemeral });
      return;
    }
    const begun = performance.now();
    context.arrivals.forget(interaction.user.id);
    try {
      if (interaction.isChatInputCommand()) await runCommand(context, interaction);
      else await runComponent(context, interaction);
    } finally {
      context.arrivals.forget(interaction.user.id);
    }
    log.debug({ name: nameOf(interaction), ms: Math.round(performance.now() - begun) }, 'an interaction was handled');
  } catch (error) {
    if (isAnswered(error)) return;
    context.metrics.unanswered();
    log.warn({ err: error }, 'an interaction could not be answered');
  }
}

/** The command, or what a button, a menu or a form belongs to: the prefix of its custom_id. */
function nameOf(interaction: Answerable): string {
  return interaction.isChatInputCommand() ? interaction.commandName : (interaction.customId.split(':')[0] ?? '');
}

function isAnswerable(interaction: Interaction): interaction is Answerable {
  return interaction.isChatInputCommand() || interaction.isMessageComponent() || interaction.isModalSubmit();
}

async function runCommand(context: BotContext, interaction: ChatInputCommandInteraction): Promise<void> {
  const { log } = context.ledger;
  const command = findCommand(interaction.commandName);
  const how = command === null ? null : chosen(() => command.acknowledge(interaction), log);
  if (command === null || how === null) return sayOutdated(interaction);
  const arrival = await meet(context, interaction, how);
  const say = sayToReaders(interaction, how);
  const run = async () => command.run(interaction, commandContextFor(context, { arrival: await arrival(), say }));
  await answering(interaction, { how, log }, () => (how === 'none' ? inTime(run) : run()));
}

async function runComponent(
  context: BotContext,
  interaction: Exclude<Answerable, ChatInputCommandInteraction>,
): Promise<void> {
  const { log } = context.ledger;
  const [prefix = '', ...args] = interaction.customId.split(':');
  const handler = findComponentHandler(prefix);
  const choose = () => (typeof handler?.acknowledge === 'function' ? handler.acknowledge(args) : handler?.acknowledge);
  const how = chosen(choose, log);
  if (handler === null || how === null) return sayOutdated(interaction);
  const arrival = await meet(context, interaction, how);
  const say = sayToReaders(interaction, how);
  const run = async () => handler.run(interaction, args, commandContextFor(context, { arrival: await arrival(), say }));
  const behind = await answering(interaction, { how, log }, () => (how === 'none' ? inTime(run) : run()));
  if (behind !== undefined) await answerStored(context, behind);
}

/** Opens a form, or fails while there is still time to say so: Discord waits three seconds, and a form must be the first answer. */
async function inTime<Result>(open: () => Promise<Result>): Promise<Result> {
  const limit = Promise.withResolvers<never>();
  const tooLate = () => limit.reject(new ChatSDKError('bad_request:database', 'A form waited too long'));
  const timer = setTimeout(tooLate, formMs);
  try {
    return await Promise.race([open(), limit.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** How to acknowledge, or null for a command of another version, whose options are not what this one reads. */
function chosen(choose: () => Acknowledgement | undefined, log: Logger): Acknowledgement | null {
  try {
    return choose() ?? null;
  } catch (error) {
    log.info({ err: error }, 'an interaction does not match this version of the bot');
    return null;
  }
}

async function sayOutdated(interaction: Answerable): Promise<void> {
  const content = sayIn(interaction.locale)(interactionMessages.isOutdated);
  await interaction.reply({ content, flags: MessageFlags.Ephemeral });
}

/**
 * Acknowledges, and at the same time stores the person and the interaction they wait for, so that after a restart they can be told
 * that it was cut off. Throws when Discord refuses; the function it gives throws when the database failed.
 */
async function meet(
  context: BotContext,
  interaction: Answerable,
  how: Acknowledgement,
): Promise<() => Promise<Arrival>> {
  if (how === 'none') return () => arrivalOf(context, interaction.user, interaction);
  const deferred = how === 'reply' || how === 'private-reply' ? interaction : null;
  const [acknowledged, remembered] = await Promise.allSettled([
    acknowledge(context, interaction, how),
    arrivalOf(context, interaction.user, interaction, deferred),
  ]);
  if (acknowledged.status === 'rejected') {
    if (deferred !== null && isAnswered(acknowledged.reason)) await leave(context, interaction);
    throw acknowledged.reason;
  }
  return async () => {
    if (remembered.status === 'rejected') throw remembered.reason;
    return remembered.value;
  };
}

/** Another process with the same token, or a redelivery, has answered this one. */
function isAnswered(error: unknown): boolean {
  return error instanceof DiscordAPIError && error.code === 40060;
}

/** Never throws: at worst a command that another process answered is later reported as cut off, if this process dies too. */
async function leave({ ledger: { db, processId, log } }: BotContext, interaction: Answerable): Promise<void> {
  try {
    const command = { discordId: interaction.user.id, tokenExpiresAt: tokenEnd(interaction) };
    await leaveInteractionToken(db, { ...command, processId });
  } catch (error) {
    log.warn({ err: error }, 'could not record that another process answers a command');
  }
}

/** Answers Discord before anything slow is done: it waits for three seconds only. */
async function acknowledge(context: BotContext, interaction: Answerable, how: Acknowledgement): Promise<void> {
  const begun = performance.now();
  await acknowledgeAs(interaction, how);
  context.metrics.acknowledged(kindOf(interaction), performance.now() - begun);
}

function kindOf(interaction: Answerable): EventKind {
  if (interaction.isChatInputCommand()) return 'command';
  return interaction.isModalSubmit() ? 'modal' : 'component';
}

async function acknowledgeAs(interaction: Answerable, how: Acknowledgement): Promise<void> {
  if (how === 'update' && !interaction.isChatInputCommand()) {
    if (interaction.isMessageComponent() || interaction.isFromMessage()) {
      await interaction.deferUpdate();
      return;
    }
  }
  // A plain reply is private only in the bot's own DM; a group DM has other readers too.
  const isPrivate = how !== 'reply' && interaction.context !== InteractionContextType.BotDM;
  await interaction.deferReply(isPrivate ? { flags: MessageFlags.Ephemeral } : {});
}

/** Runs a handler; when it throws, the person is told in words, whatever has been answered so far, and nothing is given. */
async function answering<Result>(
  interaction: Answerable,
  { how, log }: { how: Acknowledgement; log: Logger },
  work: () => Promise<Result>,
): Promise<Result | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof TakenOverError) {
      log.info('another process has taken over this interaction');
      return;
    }
    const isDiscords = error instanceof DiscordAPIError;
    log[isDaily(error) ? 'info' : 'error']({ err: error }, 'an interaction failed');
    if (isDiscords && (error.code === 10062 || error.code === 50027)) return;
    await tell(interaction, how, (say) =>
      isOutdated(error) ? say(interactionMessages.isOutdated) : describeError(error, say),
    );
  }
}

/** An option or subcommand that this version reads is not there: the command is of another version. */
function isOutdated(error: unknown): boolean {
  return (
    error instanceof DiscordjsTypeError && /^(Command|Autocomplete|ModalSubmit)Interaction/.test(String(error.code))
  );
}

/** Whether an error is no fault of the bot: one of its own messages, a command of another version, a deleted message or answer. */
function isDaily(error: unknown): boolean {
  const isGone = error instanceof DiscordAPIError && [10003, 10008, 10015, 10062, 50027].includes(Number(error.code));
  return isExpected(error) || isOutdated(error) || isGone;
}

/** In the answer that was deferred `how`, if it is still to come, and otherwise to the person alone. */
async function tell(interaction: Answerable, how: Acknowledgement, saying: Saying): Promise<void> {
  const safely = { flags: MessageFlags.SuppressEmbeds, allowedMentions: { parse: [] } } as const;
  const isUpdate = !interaction.isChatInputCommand() && interaction.deferred && interaction.ephemeral === null;
  if (interaction.deferred && !interaction.replied && !isUpdate) {
    await interaction.editReply({ ...safely, content: saying(sayToReaders(interaction, how)) });
    return;
  }
  const flags = [MessageFlags.SuppressEmbeds, MessageFlags.Ephemeral] as const;
  const privately = { ...safely, flags, content: saying(sayIn(interaction.locale)) };
  if (interaction.deferred || interaction.replied) await interaction.followUp(privately);
  else await interaction.reply(privately);
}

/** Autocomplete can't be deferred: when the choices are not there in time, the answer is an empty list. */
async function answerAutocomplete(
  context: BotContext,
  interaction: AutocompleteInteraction,
  allowed: boolean,
): Promise<void> {
  const { log } = context.ledger;
  const begun = performance.now();
  const limit = Promise.withResolvers<[]>();
  const timer = setTimeout(() => limit.resolve([]), context.ledger.limits.autocompleteMs);
  const answer = async () => {
    const command = allowed ? findCommand(interaction.commandName) : null;
    if (command?.autocomplete === undefined) return [];
    const { user } = interaction;
    const arrival = await context.arrivals.of(user.id, () => arrivalOf(context, user, interaction));
    return command.autocomplete(interaction, commandContextFor(context, { arrival, say: sayIn(interaction.locale) }));
  };
  const choices = answer().catch((error: unknown) => {
    log[isDaily(error) ? 'info' : 'error']({ err: error }, 'autocomplete failed');
    return [];
  });
  try {
    await interaction.respond((await Promise.race([choices, limit.promise])).slice(0, 25));
    context.metrics.acknowledged('autocomplete', performance.now() - begun);
  } finally {
    clearTimeout(timer);
  }
}
