import { ChannelType } from 'discord.js';
import { renderSettledCard } from '../commands/cards/ended-card.ts';
import { type Delivered, startFollowing } from '../commands/cards/start-following.ts';
import { openToken, tokenOfCall } from '../commands/interaction-token.ts';
import { deleteCard, getCardsByToolCallId, setEndShown } from '../db/queries/cards.ts';
import { getUserById } from '../db/queries/users.ts';
import type { Card, ToolCall } from '../db/schema.ts';
import type { Say } from '../messages.ts';
import type { BotContext } from './bot-context.ts';
import { cardSurface } from './card-surface.ts';
import { sayInChannel } from './readers.ts';

/**
 * Edits every message that still shows a call as waiting, after it has ended without a press on that message. If it succeeded, the
 * message then shows its progress. A message that Discord fails to edit is left to the next look.
 */
export async function showSettledCards(context: BotContext, call: ToolCall): Promise<void> {
  const all = await getCardsByToolCallId(context.ledger.db, { toolCallId: call.id });
  const cards = all.filter(({ shows }) => shows === 'call');
  const user = cards.length === 0 ? null : await getUserById(context.ledger.db, { id: call.userId });
  if (user === null) return;
  const shown: { card: Card; way: Delivered['way']; say: Say }[] = [];
  for (const card of cards) {
    // An ephemeral message can only be edited with its interaction's token, for 15 minutes.
    const way = canEditByToken(context, call, card) ? 'token' : 'bot';
    const say = sayInChannel(context.client, { channelId: card.channelId, user });
    const message = await renderSettledCard(context, call, say);
    const edited = await cardSurface(context, { card, call, way, user }).edit(message);
    if (edited === 'later') continue;
    // A message that was deleted or cannot be reached needs no edit.
    if (edited !== 'done') await deleteCard(context.ledger.db, { id: card.id });
    else {
      await setEndShown(context.ledger.db, card);
      shown.push({ card, way, say });
    }
  }
  // Where the press told the end elsewhere, that message shows what comes of it.
  if (call.status !== 'succeeded' || all.some(({ nextPollAt }) => nextPollAt !== null)) return;
  for (const { card, way: editedBy, say } of shown) {
    const way = editedBy === 'token' && !(await isDirectMessage(context, card)) ? 'token' : 'bot';
    const delivered: Delivered = {
      way,
      message: { id: card.discordMessageId, channelId: card.channelId },
      say,
      isSigned: false,
    };
    await startFollowing({ ledger: context.ledger, user }, card, call, delivered);
  }
}

function canEditByToken(context: BotContext, call: ToolCall, card: Card): boolean {
  return openToken(context.ledger.keyring, card, tokenOfCall(call)) !== null;
}

async function isDirectMessage(context: BotContext, card: Card): Promise<boolean> {
  const channel = await context.client.channels.fetch(card.channelId).catch(() => null);
  return channel?.type === ChannelType.DM;
}
