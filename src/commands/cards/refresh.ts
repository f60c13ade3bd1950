import { deleteCard } from '../../db/queries/cards.ts';
import { followCard, getFollowedCard } from '../../db/queries/followed-cards.ts';
import type { ToolCall } from '../../db/schema.ts';
import { openStack } from '../../tools/stack.ts';
import type { CommandContext } from '../command.ts';
import { sealToken, tokenOfCall } from '../interaction-token.ts';
import { hasEnded, look, readFollowed, renderFollowed, wordsOf } from './followed-card.ts';
import type { CardInteraction } from './surface.ts';

/**
 * A press on **Refresh**: shows how far the request has come, and lets the message live on by the token of this press. False when
 * the message is not followed any more. Throws ServiceError, UserError.
 */
export async function refreshed(
  context: CommandContext,
  interaction: CardInteraction,
  call: ToolCall,
): Promise<boolean> {
  const place = { toolCallId: call.id, discordMessageId: interaction.message.id };
  const card = await getFollowedCard(context.ledger.db, place);
  const followed = card === null ? null : readFollowed(card);
  if (card === null || followed === null) return false;
  const stack = await openStack(context.ledger, context.caller);
  const now = Date.now();
  const moment = { limits: context.ledger.limits, now, say: context.say };
  const looked = await look(stack, call, { ...moment, signal: context.signal, followed });
  if (looked === null) return false;
  const shown = wordsOf(call, looked, moment);
  const editsUntil = interaction.createdTimestamp + context.ledger.limits.tokenMs;
  const next = { ...looked, shown, editsUntil, editedAt: now, quiet: 0, offersRefresh: false };
  await interaction.editReply(renderFollowed(call, next, { words: shown, say: context.say }));
  if (hasEnded(next, moment)) {
    await deleteCard(context.ledger.db, { id: card.id });
    return true;
  }
  await followCard(context.ledger.db, {
    ...place,
    channelId: card.channelId,
    ...sealToken(context.ledger.keyring, interaction, tokenOfCall(call)),
    watchState: next,
    inMs: context.ledger.limits.progressMs,
  });
  return true;
}
