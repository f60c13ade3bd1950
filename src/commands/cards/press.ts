import { InteractionContextType, type MessageComponentInteraction, MessageFlags } from 'discord.js';
import { z } from 'zod';
import { deleteCards } from '../../db/queries/cards.ts';
import { getToolCall } from '../../db/queries/tool-calls.ts';
import type { ToolCall } from '../../db/schema.ts';
import { cancelPress, changeInput, pressToolCall } from '../../tools/ledger.ts';
import { isPressToolName } from '../../tools/registry.ts';
import { openStack } from '../../tools/stack.ts';
import type { CommandContext, ComponentHandler } from '../command.ts';
import { sealToken, tokenOfCall } from '../interaction-token.ts';
import { titleLookUps } from '../request/title-look-ups.ts';
import { deliverOutcome, deliverPrivately } from './deliver.ts';
import { inOrder } from './in-order.ts';
import { loadedCards } from './loaded-cards.ts';
import { openCard } from './open-card.ts';
import { refreshed } from './refresh.ts';
import { rememberCard } from './remember-card.ts';
import { outcomesGoTo, rememberDefaults } from './request-defaults.ts';
import {
  cardOf,
  loadCard,
  renderOutcome,
  renderRunningCard,
  renderSettledCard,
  renderToolCallCard,
  showLoaded,
} from './show.ts';
import { type Delivered, startFollowing } from './start-following.ts';
import type { CardMessage } from './title-face.ts';

type Press = { context: CommandContext; interaction: MessageComponentInteraction; call: ToolCall };

const notYoursText = 'This card belongs to someone else, so nothing was done. Type `/request` for one of your own.';
const expiredText = 'This card has expired, and nothing was done. Start again with a new command.';

/** Every button and choice of a card: `call:<tool call's id>:press | cancel | again | set:<field>[:page] | page:<n>`. */
export const callHandler: ComponentHandler = {
  acknowledge: 'update',
  async run(interaction, [id = '', ...action], context) {
    if (interaction.isMessageComponent()) await inOrder(id, () => handle(interaction, id, action, context));
  },
};

async function handle(
  interaction: MessageComponentInteraction,
  id: string,
  [action, ...args]: readonly string[],
  context: CommandContext,
): Promise<void> {
  const call = z.uuid().safeParse(id).success ? await getToolCall(context.db, { id }) : null;
  if (call === null) return tellPrivately(interaction, expiredText);
  if (call.userId !== context.user.id) return tellPrivately(interaction, notYoursText);
  const press = { context, interaction, call };
  if (action === 'again') return tryAgain(press);
  if (action === 'refresh' && (await refreshed(context, interaction, call))) return;
  if (call.status !== 'queued') return showAsItIs(press);
  switch (action) {
    case 'press':
      return pressed(press);
    case 'cancel':
      return canceled(press);
    case 'set':
      return changed(press, args);
    case 'page':
      return turned(press, pageNumber(args[0]));
    default:
      return tellPrivately(interaction, 'This button is from an older version of the bot. Type the command again.');
  }
}

async function pressed(press: Press): Promise<void> {
  const { context, interaction, call } = press;
  const loaded = loadedCards.any(call.id);
  // For whoever finishes it if this process dies: an ephemeral card can be changed by this press's token only.
  await rememberCard(context, call, interaction, interaction.message);
  let running: Promise<unknown> | null = null;
  const result = await pressToolCall(context, {
    id: call.id,
    actorId: context.user.id,
    signal: context.signal,
    onClaimed: () => {
      running = edit(press, renderRunningCard(call));
    },
  }).catch(async (error: unknown) => {
    // Before the claim nothing happened: the buttons come back. After it the card waits for its row; the edge says what failed.
    if (running === null && loaded !== null) await edit(press, showLoaded(call, loaded));
    await running;
    throw error;
  });
  await running;
  switch (result.kind) {
    case 'done': {
      const remembered = loaded !== null && rememberDefaults(context.db, context.user, loaded.remember(call.input));
      await Promise.all([remembered, showEnd({ ...press, call: result.call })]);
      titleLookUps.forget(context.user.id);
      return goOn(context, result.call);
    }
    case 'already':
      return showAsItIs({ ...press, call: result.call });
    case 'not-yours':
      return tellPrivately(interaction, notYoursText);
    case 'gone':
      return showAsItIs({ ...press, call: expired(call) });
  }
}

async function canceled(press: Press): Promise<void> {
  const { context, interaction, call } = press;
  const result = await cancelPress(context, { id: call.id, actorId: context.user.id });
  if (result.kind === 'not-yours') return tellPrivately(interaction, notYoursText);
  if (result.kind === 'gone') return showAsItIs({ ...press, call: expired(call) });
  await showAsItIs({ ...press, call: result.call });
  if (result.kind !== 'done') return;
  await deleteCards(context.db, { toolCallId: call.id });
  await goOn(context, result.call);
}

/** A choice: stored in the waiting call's input, so that the card survives a restart. */
async function changed(press: Press, [field = '', page]: readonly string[]): Promise<void> {
  const { context, interaction, call } = press;
  const stack = await openStack(context, { actorId: call.userId, ownerId: call.ownerId });
  const loaded = await loadCard(context, stack, call);
  const values = interaction.isStringSelectMenu() ? interaction.values : [];
  const at = pageNumber(page);
  const input = loaded.change(call.input, { field, values, page: at });
  const stored = await changeInput(context, { id: call.id, actorId: context.user.id, input });
  if (stored === null) return showAsItIs({ ...press, call: (await getToolCall(context.db, { id: call.id })) ?? call });
  await interaction.editReply(showLoaded(stored, loaded, at));
  await rememberCard(context, call, interaction, interaction.message);
}

async function turned({ context, interaction, call }: Press, page: number): Promise<void> {
  const stack = await openStack(context, { actorId: call.userId, ownerId: call.ownerId });
  await interaction.editReply(await renderToolCallCard(context, stack, call, page));
  await rememberCard(context, call, interaction, interaction.message);
}

/** A fresh call with the same input: the ended one stays in the ledger as it is. */
async function tryAgain(press: Press): Promise<void> {
  const { context, interaction, call } = press;
  const card = cardOf(call);
  if (card === null || !isPressToolName(call.toolName) || (call.status !== 'failed' && call.status !== 'timeout'))
    return showAsItIs(press);
  const stack = await openStack(context, { actorId: call.userId, ownerId: call.ownerId });
  const loaded = await card.load(stack, call.input, { signal: context.signal });
  await openCard(context, interaction, {
    toolName: call.toolName,
    input: call.input,
    loaded,
    commandText: 'Try again',
    dedupeKey: `again:${call.id}`,
  });
}

/** Shows how a pressed call ended on its card, and as a message of its own where the card is seen by one person only. */
async function showEnd(press: Press): Promise<void> {
  const { context, interaction, call } = press;
  const isSeen = await edit(press, await renderSettledCard(context, call));
  const isPrivate = interaction.message.flags.has(MessageFlags.Ephemeral);
  const wantsElsewhere = isPrivate || (interaction.inGuild() && outcomesGoTo(context.user) === 'dm');
  let delivered: Delivered | null = { way: wayOf(interaction), message: interaction.message, isSigned: false };
  if (call.status === 'succeeded' && (wantsElsewhere || !isSeen))
    delivered = await deliverOutcome(context, interaction, call, renderOutcome(call, context.user));
  else if (!isSeen) await deliverPrivately(context, interaction, call, renderOutcome(call, context.user));
  await deleteCards(context.db, { toolCallId: call.id });
  if (delivered === null) return;
  await startFollowing(context, sealToken(context.keyring, interaction, tokenOfCall(call)), call, delivered);
}

/** Where the bot is no member, only the press gives a right to edit. */
function wayOf(interaction: MessageComponentInteraction): Delivered['way'] {
  return interaction.context === InteractionContextType.BotDM || interaction.inCachedGuild() ? 'bot' : 'token';
}

/** For a press that came second, or too late. While the first one runs, the card is its to change. */
async function showAsItIs(press: Press): Promise<void> {
  if (press.call.status === 'running')
    return tellPrivately(press.interaction, 'This is being done already. The card says how it ends in a moment.');
  await edit(press, await renderSettledCard(press.context, press.call));
}

/** A card that waited too long, seen before its row says so. */
function expired(call: ToolCall): ToolCall {
  return { ...call, status: 'canceled', error: 'expired' };
}

/** Changes the card; false, and a line in the log, when Discord does not take it: what was pressed goes on regardless. */
async function edit({ context, interaction, call }: Press, message: CardMessage): Promise<boolean> {
  try {
    await interaction.editReply(message);
    return true;
  } catch (error) {
    context.log.warn({ callId: call.id, err: error }, 'a card could not be changed');
    return false;
  }
}

/** The model's calls carry the message that made them in their key: its conversation goes on. */
async function goOn(context: CommandContext, call: ToolCall): Promise<void> {
  if (call.messageId !== null && call.dedupeKey?.startsWith(`${call.messageId}:`))
    await context.continueConversation(call);
}

async function tellPrivately(interaction: MessageComponentInteraction, content: string): Promise<void> {
  await interaction.followUp({ content, flags: MessageFlags.Ephemeral, allowedMentions: { parse: [] } });
}

function pageNumber(value: string | undefined): number {
  const page = Number(value ?? 0);
  return Number.isInteger(page) && page >= 0 && page < 100 ? page : 0;
}
