import { InteractionContextType, type MessageComponentInteraction, MessageFlags } from 'discord.js';
import { setEndShown, showsEnd } from '../../db/queries/cards.ts';
import { sealToken, tokenOfCall } from '../interaction-token.ts';
import { tellPrivately } from '../tell-privately.ts';
import { deliverOutcome, deliverPrivately } from './deliver.ts';
import { editCard, type Press } from './edit-card.ts';
import { renderOutcome, renderPointer, renderSettledCard } from './ended-card.ts';
import { outcomesGoTo } from './request-defaults.ts';
import { type Delivered, startFollowing } from './start-following.ts';

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
  const { context, interaction, call } = press;
  const isDone = call.status === 'succeeded';
  const outcome = renderOutcome(call, context.user);
  if (isDone && isPrivate(interaction)) {
    const delivered = await deliverOutcome(context, interaction, call, outcome);
    const left = delivered === null ? await renderSettledCard(context, call) : renderPointer(call, delivered);
    return { isSeen: await editCard(press, left), delivered };
  }
  const isSeen = await editCard(press, await renderSettledCard(context, call));
  if (isDone && (!isSeen || (interaction.inGuild() && outcomesGoTo(context.user) === 'dm')))
    return { isSeen, delivered: await deliverOutcome(context, interaction, call, outcome) };
  if (!isSeen) await deliverPrivately(context, interaction, call, outcome);
  return { isSeen, delivered: { way: wayOf(interaction), message: interaction.message, isSigned: false } };
}

function placeOf({ interaction, call }: Press): { toolCallId: string; discordMessageId: string } {
  return { toolCallId: call.id, discordMessageId: interaction.message.id };
}

function isPrivate({ message }: MessageComponentInteraction): boolean {
  return message.flags.has(MessageFlags.Ephemeral);
}

/** Where the bot is no member, only the press gives a right to edit. */
function wayOf(interaction: MessageComponentInteraction): Delivered['way'] {
  return interaction.context === InteractionContextType.BotDM || interaction.inCachedGuild() ? 'bot' : 'token';
}

/** For a press that came second, or too late. While the first one runs, the card is its to change. */
export async function showAsItIs(press: Press): Promise<void> {
  const { context, interaction, call } = press;
  if (call.status === 'running')
    return tellPrivately(interaction, 'This is running already. The card shows the result in a moment.');
  // Where a result was told is known only to whoever told it, and their card says so.
  const isTold = call.status === 'succeeded' && isPrivate(interaction);
  if (isTold && (await showsEnd(context.ledger.db, placeOf(press)))) return;
  await editCard(press, await renderSettledCard(context, call));
}
