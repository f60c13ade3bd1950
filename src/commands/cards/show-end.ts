import { InteractionContextType, type MessageComponentInteraction, MessageFlags } from 'discord.js';
import { deleteCards } from '../../db/queries/cards.ts';
import { sealToken, tokenOfCall } from '../interaction-token.ts';
import { tellPrivately } from '../tell-privately.ts';
import { deliverOutcome, deliverPrivately } from './deliver.ts';
import { editCard, type Press } from './edit-card.ts';
import { renderOutcome, renderPointer, renderSettledCard } from './ended-card.ts';
import { outcomesGoTo } from './request-defaults.ts';
import { isUnfinished } from './running-card.ts';
import { type Delivered, startFollowing } from './start-following.ts';

/** Shows how a pressed call ended, and keeps the message that shows it up to date from then on. */
export async function showEnd(press: Press): Promise<void> {
  const { context, interaction, call } = press;
  const delivered = await tellEnd(press);
  await deleteCards(context.ledger.db, { toolCallId: call.id });
  if (delivered === null) return;
  await startFollowing(context, sealToken(context.ledger.keyring, interaction, tokenOfCall(call)), call, delivered);
}

/**
 * Shows the end on the card. A card that only its person sees makes way for a message that everyone there may read, and points to it,
 * so that nobody has two cards of one request of which one goes out of date. Null when no message could be written.
 */
async function tellEnd(press: Press): Promise<Delivered | null> {
  const { context, interaction, call } = press;
  const isDone = call.status === 'succeeded';
  const outcome = renderOutcome(call, context.user);
  if (isDone && isPrivate(interaction)) {
    const delivered = await deliverOutcome(context, interaction, call, outcome);
    await editCard(press, delivered === null ? await renderSettledCard(context, call) : renderPointer(call, delivered));
    return delivered;
  }
  const isSeen = await editCard(press, await renderSettledCard(context, call));
  if (isDone && (!isSeen || (interaction.inGuild() && outcomesGoTo(context.user) === 'dm')))
    return deliverOutcome(context, interaction, call, outcome);
  if (!isSeen) await deliverPrivately(context, interaction, call, outcome);
  return { way: wayOf(interaction), message: interaction.message, isSigned: false };
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
  if (call.status === 'succeeded' && isPrivate(interaction) && (await showsItsEnd(press))) return;
  await editCard(press, await renderSettledCard(context, call));
}

/** Where a result was told is known only to whoever told it, and their card says so: a later press must leave that as it is. */
async function showsItsEnd({ context, interaction, call }: Press): Promise<boolean> {
  try {
    return !isUnfinished(await interaction.fetchReply(), call);
  } catch (error) {
    context.ledger.log.info({ callId: call.id, err: error }, 'what a card shows could not be read');
    return false;
  }
}
