import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { getToolCall, requestStop } from '../../db/queries/tool-calls.ts';
import type { ToolCall } from '../../db/schema.ts';
import { messages } from '../../messages.ts';
import { authorise } from '../../tools/authorise.ts';
import { sayTo } from '../../tools/caller.ts';
import { type GoesOn, goesOnAfter } from '../../tools/goes-on.ts';
import { cancelPress, type PressResult, pressToolCall } from '../../tools/ledger.ts';
import { isPressToolName, tools } from '../../tools/registry.ts';
import { openStack, type Stack } from '../../tools/stack.ts';
import type { CommandContext, ComponentHandler } from '../command.ts';
import { titleLookUps } from '../request/title-look-ups.ts';
import { tellPrivately } from '../tell-privately.ts';
import { asked, chosen, turned } from './change-card.ts';
import { presses } from './in-order.ts';
import { loadedCards } from './loaded-cards.ts';
import { type Opening, openCard, queueForPress } from './open-card.ts';
import { operationCard } from './operation-card.ts';
import { refreshed } from './refresh.ts';
import { rememberCard } from './remember-card.ts';
import { rememberDefaults, requestDefaultsOf } from './request-defaults.ts';
import { renderRunningCard } from './running-card.ts';
import { type Press, showAsItIs, showEnd } from './show-end.ts';
import { type CardInteraction, surfaceOfPress } from './surface.ts';

export const pressMessages = messages('card_presses', {
  expired: 'This card has expired, and nothing was done. Start again with a new command.',
  outdated: 'This button is from an older version of the bot. Type the command again.',
  stopping: 'Stopping. The card will say how far it got.',
});

/**
 * Every button and choice of a card: `call:<tool call's id>:press | cancel | stop | again | set:<field>[:<place>] | ask:<field>[:<place>] |
 * page[:<place>]`. `ask` is answered with a form, which comes back as `set`.
 */
export const callHandler: ComponentHandler = {
  acknowledge: ([, action]) => (action === 'ask' ? 'none' : 'update'),
  async run(interaction, [id = '', ...action], context) {
    if (!interaction.isMessageComponent() && !interaction.isFromMessage()) return;
    const work = () => handle(interaction, id, action, context);
    // Stop must not wait for the press that it stops.
    return action[0] === 'stop' ? work() : presses.run(id, work);
  },
};

async function handle(
  interaction: CardInteraction,
  id: string,
  [action, ...args]: readonly string[],
  context: CommandContext,
): Promise<GoesOn | undefined> {
  const call = z.uuid().safeParse(id).success ? await getToolCall(context.ledger.db, { id }) : null;
  if (call === null) {
    await tellPrivately(interaction, sayTo(context.caller)(pressMessages.expired));
    return;
  }
  const permission = authorise(context.caller, { act: 'press', of: call }, []);
  if (!permission.isGiven) {
    await tellPrivately(interaction, permission.words(sayTo(context.caller)));
    return;
  }
  const log = context.ledger.log.child({ callId: call.id });
  const press = { context, interaction, surface: surfaceOfPress(log, interaction, context), call };
  if (action === 'ask' && call.status === 'queued') return asked(press, args);
  // What was to be answered with a form is answered by the card.
  if (action === 'ask') await interaction.deferUpdate();
  if (action === 'again') return tryAgain(press);
  if (action === 'press' && call.status === 'queued') return pressed(press);
  if (action === 'cancel' && call.status === 'queued') return canceled(press);
  await onlyShown(press, action, args);
}

/** What changes the card alone: nothing goes on because of it. */
async function onlyShown(press: Press, action: string | undefined, args: readonly string[]): Promise<void> {
  const { context, interaction, call } = press;
  if (action === 'stop') return stopped(press);
  if (action === 'refresh' && (await refreshed(context, interaction, call))) return;
  if (call.status !== 'queued') return showAsItIs(press);
  if (action === 'set') return chosen(press, args);
  if (action === 'page') return turned(press, args);
  await tellPrivately(interaction, sayTo(context.caller)(pressMessages.outdated));
}

/** `opened` is the person's stack where it is open already. */
async function pressed(press: Press, opened?: Stack): Promise<GoesOn | undefined> {
  const { context, interaction, surface, call } = press;
  const stack = opened ?? (await openStack(context.ledger, context.caller));
  const loaded = loadedCards.any(call.id);
  // For whoever finishes it if this process dies: an ephemeral card can be changed by this press's token only.
  await rememberCard(context, call, interaction, interaction.message);
  let running: Promise<unknown> | null = null;
  const result = await pressToolCall(context.ledger, {
    id: call.id,
    stack,
    signal: context.leaving,
    onClaimed: () => {
      running = surface.edit(renderRunningCard(call, context.say));
      // Awaited below; the call itself runs meanwhile.
      running.catch(() => undefined);
    },
  }).catch(async (error: unknown) => {
    // Before the claim nothing happened: the buttons come back. After it the card waits for its row; the edge says what failed.
    if (running === null && loaded !== null) await surface.edit(operationCard(call, loaded, { say: context.say }));
    await running;
    throw error;
  });
  await running;
  if (result.kind !== 'done') {
    await showLost(press, result);
    return;
  }
  const { user } = context;
  const remembered = loaded !== null && rememberDefaults(context.ledger.db, user, loaded.remember(call.input));
  await Promise.all([remembered, showEnd({ ...press, call: result.call })]);
  titleLookUps.forget(user.id);
  return goesOnAfter(result.call);
}

/** For a press that did not win: what the call came to without it. */
async function showLost(press: Press, result: Exclude<PressResult, { kind: 'done' }>): Promise<void> {
  if (result.kind === 'refused') return tellPrivately(press.interaction, result.words(sayTo(press.context.caller)));
  await showAsItIs({ ...press, call: result.kind === 'already' ? result.call : expired(press.call) });
}

async function canceled(press: Press): Promise<GoesOn | undefined> {
  const { context, call } = press;
  const result = await cancelPress(context.ledger, { id: call.id, caller: context.caller });
  if (result.kind !== 'done') {
    await showLost(press, result);
    return;
  }
  await showEnd({ ...press, call: result.call });
  return goesOnAfter(result.call);
}

/** What runs sees it in its row, in whichever process, and the card then says how it ended. */
async function stopped(press: Press): Promise<void> {
  const { context, interaction, call } = press;
  const isAsked = await requestStop(context.ledger.db, { id: call.id, userId: context.user.id });
  if (isAsked) return tellPrivately(interaction, sayTo(context.caller)(pressMessages.stopping));
  await showAsItIs({ ...press, call: (await getToolCall(context.ledger.db, { id: call.id })) ?? call });
}

/**
 * A fresh call with the same input: the ended one stays in the ledger as it is. It runs at once where the press says all that a press
 * on its card would: it surely did not happen before, the person saw that card lately, and what they chose on it is still there.
 */
async function tryAgain(press: Press): Promise<GoesOn | undefined> {
  const { context, interaction, call } = press;
  if (!isPressToolName(call.toolName) || (call.status !== 'failed' && call.status !== 'timeout')) {
    await showAsItIs(press);
    return;
  }
  const stack = await openStack(context.ledger, context.caller);
  const loaded = await tools[call.toolName].load(stack, call.input, { signal: context.signal });
  const opening: Opening = {
    toolName: call.toolName,
    input: call.input,
    stack,
    loaded,
    commandText: 'Try again',
    dedupeKey: `again:${call.id}`,
  };
  const isRecent = Date.now() - call.updatedAt.getTime() < context.ledger.limits.buttonMs;
  const isUnchanged = isDeepStrictEqual(loaded.fillIn(call.input, requestDefaultsOf(context.user)), call.input);
  if (call.status === 'timeout' || !isRecent || !isUnchanged) {
    await openCard(context, interaction, opening);
    return;
  }
  const fresh = { ...press, call: await queueForPress(context, interaction, opening) };
  if (fresh.call.status === 'queued') return pressed(fresh, stack);
  await showAsItIs(fresh);
}

/** A card that waited too long, seen before its row says so. */
function expired(call: ToolCall): ToolCall {
  return { ...call, status: 'canceled', endedBy: 'expiry' };
}
