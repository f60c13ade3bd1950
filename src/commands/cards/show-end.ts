import { InteractionContextType, MessageFlags } from 'discord.js';
import { setEndShown, showsEnd } from '../../db/queries/cards.ts';
import type { ToolCall } from '../../db/schema.ts';
import { messages } from '../../messages.ts';
import { sayTo } from '../../tools/caller.ts';
import type { CommandContext } from '../command.ts';
import { sealToken, tokenOfCall } from '../interaction-token.ts';
import { nonceOf } from '../nonce.ts';
import { tellPrivately } from '../tell-privately.ts';
import { renderOutcome, renderPointer, renderSettledCard } from './ended-card.ts';
import { outcomesGoTo } from './request-defaults.ts';
import { type Delivered, startFollowing } from './start-following.ts';
import { type CardInteraction, privateAnswer, type Shown, type Surface, type Way } from './surface.ts';

export const endMessages = messages('card_ends', {
  running: 'This is running already. The card shows the result in a moment.',
});

/** A press on a card: who pressed, where, and the call that the card shows. */
export type Press = {
  context: CommandContext;
  interaction: CardInteraction;
  surface: Surface;
  call: ToolCall;
};

/** Shows how a pressed call ended, and keeps the message that shows it up to date from then on. */
export async function showEnd(press: Press): Promise<void> {
  const { context, interaction, call } = press;
  const { isSeen, delivered } = await tellEnd(press);
  // A card that could not be changed is left to the next look (`showSettledCards`).
  if (isSeen) await setEndShown(context.ledger.db, placeOf(press));
  if (delivered === null) return;
  await startFollowing(context, sealToken(context.ledger.keyring, interaction, tokenOfCall(call)), call, delivered);
}

/**
 * Shows the end on the card. A card that only its person sees makes way for a message that everyone there may read, and points to it,
 * so that nobody has two cards of one request of which one goes out of date. `isSeen`: the card itself says so. `delivered` is null when
 * no message could be written.
 */
async function tellEnd(press: Press): Promise<{ isSeen: boolean; delivered: Delivered | null }> {
  const { context, interaction, surface, call } = press;
  const isDone = call.status === 'succeeded';
  const goesToDm = outcomesGoTo(context.user) === 'dm';
  const toPerson: Way[] = [privateAnswer(interaction), 'direct'];
  const toRead: Way[] = goesToDm ? toPerson.toReversed() : ['channel', 'answer', 'direct'];
  if (isDone && isPrivate(interaction)) {
    const told = await tellOutcome(press, toRead);
    const left =
      told === null ? await renderSettledCard(context, call, context.say) : renderPointer(call, told, context.say);
    return { isSeen: (await surface.edit(left)) === 'done', delivered: told && { ...told, isSigned: true } };
  }
  const isSeen = (await surface.edit(await renderSettledCard(context, call, context.say))) === 'done';
  if (isDone && (!isSeen || (interaction.inGuild() && goesToDm))) {
    const told = await tellOutcome(press, toRead);
    return { isSeen, delivered: told && { ...told, isSigned: true } };
  }
  if (!isSeen) await tellOutcome(press, toPerson);
  return {
    isSeen,
    delivered: { way: wayOf(interaction), message: interaction.message, say: context.say, isSigned: false },
  };
}

/** Writes how a call ended in a message of its own. Null when nobody could be reached. */
async function tellOutcome({ context, surface, call }: Press, ways: readonly Way[]): Promise<Shown | null> {
  const told = await surface.show((say) => renderOutcome(call, context.user, say), {
    ways,
    nonce: nonceOf(call.id, 'o'),
  });
  if (told === null)
    context.ledger.log.warn(
      { callId: call.id, status: call.status },
      'a person could not be told how their call ended',
    );
  return told;
}

function placeOf({ interaction, call }: Press): { toolCallId: string; discordMessageId: string } {
  return { toolCallId: call.id, discordMessageId: interaction.message.id };
}

function isPrivate({ message }: Pick<CardInteraction, 'message'>): boolean {
  return message.flags.has(MessageFlags.Ephemeral);
}

/** Where the bot is no member, only the press gives a right to edit. */
function wayOf(interaction: CardInteraction): Delivered['way'] {
  return interaction.context === InteractionContextType.BotDM || interaction.inCachedGuild() ? 'bot' : 'token';
}

/** For a press that came second, or too late. While the first one runs, the card is its to change. */
export async function showAsItIs(press: Press): Promise<void> {
  const { context, interaction, surface, call } = press;
  if (call.status === 'running') return tellPrivately(interaction, sayTo(context.caller)(endMessages.running));
  // Where a result was told is known only to whoever told it, and their card says so.
  const isTold = call.status === 'succeeded' && isPrivate(interaction);
  if (isTold && (await showsEnd(context.ledger.db, placeOf(press)))) return;
  await surface.edit(await renderSettledCard(context, call, context.say));
}
