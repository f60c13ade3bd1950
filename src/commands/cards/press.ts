import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { deleteCards } from '../../db/queries/cards.ts';
import { getToolCall, requestStop } from '../../db/queries/tool-calls.ts';
import type { ToolCall } from '../../db/schema.ts';
import { authorise } from '../../tools/authorise.ts';
import { cancelPress, pressToolCall } from '../../tools/ledger.ts';
import { isPressToolName, tools } from '../../tools/registry.ts';
import { openStack, type Stack } from '../../tools/stack.ts';
import type { CommandContext, ComponentHandler } from '../command.ts';
import { titleLookUps } from '../request/title-look-ups.ts';
import { tellPrivately } from '../tell-privately.ts';
import { asked, chosen, turned } from './change-card.ts';
import { editCard, type Press } from './edit-card.ts';
import { presses } from './in-order.ts';
import { loadedCards } from './loaded-cards.ts';
import { type Opening, openCard, queueForPress } from './open-card.ts';
import { operationCard } from './operation-card.ts';
import { refreshed } from './refresh.ts';
import { rememberCard } from './remember-card.ts';
import { rememberDefaults, requestDefaultsOf } from './request-defaults.ts';
import { renderRunningCard } from './running-card.ts';
import { showAsItIs, showEnd } from './show-end.ts';

const expiredText = 'This card has expired, and nothing was done. Start again with a new command.';

/**
 * Every button and choice of a card: `call:<tool call's id>:press | cancel | stop | again | set:<field>[:<place>] | ask:<field>[:<place>] |
 * page[:<place>]`. `ask` is answered with a form, which comes back as `set`. */
export const callHandler: ComponentHandler = {
  acknowledge: ([, action]) => (action === 'ask' ? 'none' : 'update'),
  async run(interaction, [id = '', ...action], context) {
    if (!interaction.isMessageComponent() && !interaction.isFromMessage()) return;
    const work = () => handle(interaction, id, action, context);
    // Stop must not wait for the press that it stops.
    await (action[0] === 'stop' ? work() : presses.run(id, work));
  },
};

async function handle(
  interaction: Press['interaction'],
  id: string,
  [action, ...args]: readonly string[],
  context: CommandContext,
): Promise<void> {
  const call = z.uuid().safeParse(id).success ? await getToolCall(context.db, { id }) : null;
  if (call === null) return tellPrivately(interaction, expiredText);
  const permission = authorise(context.caller, { act: 'press', of: call }, []);
  if (!permission.isGiven) return tellPrivately(interaction, permission.words);
  const press = { context, interaction, call };
  if (action === 'again') return tryAgain(press);
  if (action === 'stop') return stopped(press);
  if (action === 'refresh' && (await refreshed(context, interaction, call))) return;
  if (call.status !== 'queued') return showAsItIs(press);
  switch (action) {
    case 'press':
      return pressed(press);
    case 'cancel':
      return canceled(press);
    case 'set':
      return chosen(press, args);
    case 'ask':
      return asked(press, args);
    case 'page':
      return turned(press, args);
    default:
      return tellPrivately(interaction, 'This button is from an older version of the bot. Type the command again.');
  }
}

/** `opened` is the person's stack where it is open already. */
async function pressed(press: Press, opened?: Stack): Promise<void> {
  const { context, interaction, call } = press;
  const stack = opened ?? (await openStack(context, context.caller));
  const loaded = loadedCards.any(call.id);
  // For whoever finishes it if this process dies: an ephemeral card can be changed by this press's token only.
  await rememberCard(context, call, interaction, interaction.message);
  let running: Promise<unknown> | null = null;
  const result = await pressToolCall(context, {
    id: call.id,
    stack,
    signal: context.leaving,
    onClaimed: () => {
      running = editCard(press, renderRunningCard(call));
    },
  }).catch(async (error: unknown) => {
    // Before the claim nothing happened: the buttons come back. After it the card waits for its row; the edge says what failed.
    if (running === null && loaded !== null) await editCard(press, operationCard(call, loaded));
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
    case 'refused':
      return tellPrivately(interaction, result.words);
    case 'gone':
      return showAsItIs({ ...press, call: expired(call) });
  }
}

async function canceled(press: Press): Promise<void> {
  const { context, interaction, call } = press;
  const result = await cancelPress(context, { id: call.id, caller: context.caller });
  if (result.kind === 'refused') return tellPrivately(interaction, result.words);
  if (result.kind === 'gone') return showAsItIs({ ...press, call: expired(call) });
  await showAsItIs({ ...press, call: result.call });
  if (result.kind !== 'done') return;
  await deleteCards(context.db, { toolCallId: call.id });
  await goOn(context, result.call);
}

/** What runs sees it in its row, in whichever process, and the card then says how it ended. */
async function stopped(press: Press): Promise<void> {
  const { context, interaction, call } = press;
  const isAsked = await requestStop(context.db, { id: call.id, userId: context.user.id });
  if (isAsked) return tellPrivately(interaction, 'Stopping. The card will say how far it got.');
  await showAsItIs({ ...press, call: (await getToolCall(context.db, { id: call.id })) ?? call });
}

/**
 * A fresh call with the same input: the ended one stays in the ledger as it is. It runs at once where the press says all that a press
 * on its card would: it surely did not happen before, the person saw that card lately, and what they chose on it is still there.
 */
async function tryAgain(press: Press): Promise<void> {
  const { context, interaction, call } = press;
  if (!isPressToolName(call.toolName) || (call.status !== 'failed' && call.status !== 'timeout'))
    return showAsItIs(press);
  const stack = await openStack(context, context.caller);
  const loaded = await tools[call.toolName].load(stack, call.input, { signal: context.signal });
  const opening: Opening = {
    toolName: call.toolName,
    input: call.input,
    stack,
    loaded,
    commandText: 'Try again',
    dedupeKey: `again:${call.id}`,
  };
  const isRecent = Date.now() - call.updatedAt.getTime() < context.limits.buttonMs;
  const isUnchanged = isDeepStrictEqual(loaded.fillIn(call.input, requestDefaultsOf(context.user)), call.input);
  if (call.status === 'timeout' || !isRecent || !isUnchanged) return openCard(context, interaction, opening);
  const fresh = { ...press, call: await queueForPress(context, interaction, opening) };
  return fresh.call.status === 'queued' ? pressed(fresh, stack) : showAsItIs(fresh);
}

/** A card that waited too long, seen before its row says so. */
function expired(call: ToolCall): ToolCall {
  return { ...call, status: 'canceled', endedBy: 'expiry' };
}

/** After a call that the model asked for its conversation goes on. */
async function goOn(context: CommandContext, call: ToolCall): Promise<void> {
  if (call.origin === 'model') await context.continueConversation(call);
}
