import { DiscordAPIError, MessageFlags, Routes } from 'discord.js';
import { renderSettledCard } from '../commands/cards/show.ts';
import { deleteCards, getCardsByToolCallId } from '../db/queries/cards.ts';
import type { Card, ToolCall } from '../db/schema.ts';
import type { BotContext } from './bot-context.ts';

/** Changes every message that still shows a call as waiting, once it has ended without a press on that message. */
export async function showSettledCards(context: BotContext, call: ToolCall): Promise<void> {
  const cards = await getCardsByToolCallId(context.db, { toolCallId: call.id });
  if (cards.length === 0) return;
  const message = await renderSettledCard(context, call);
  for (const card of cards) {
    try {
      await edit(context, call, card, message);
    } catch (error) {
      // A message that was deleted or is out of reach needs no change any more.
      const level = error instanceof DiscordAPIError ? 'info' : 'warn';
      context.log[level]({ err: error, callId: call.id }, 'a card that ended could not be changed');
    }
  }
  await deleteCards(context.db, { toolCallId: call.id });
}

async function edit(
  context: BotContext,
  call: ToolCall,
  card: Card,
  message: Awaited<ReturnType<typeof renderSettledCard>>,
): Promise<void> {
  const token = tokenOf(context, call, card);
  const body = { components: message.components, flags: MessageFlags.IsComponentsV2, allowed_mentions: { parse: [] } };
  // An ephemeral message can be changed by its interaction's token only, and that for 15 minutes.
  const route =
    token === null
      ? Routes.channelMessage(card.channelId, card.discordMessageId)
      : Routes.webhookMessage(context.client.application.id, token, card.discordMessageId);
  await context.client.rest.patch(route, { body, auth: token === null });
}

function tokenOf(context: BotContext, call: ToolCall, card: Card): string | null {
  if (card.interactionToken === null || card.tokenExpiresAt === null || card.tokenExpiresAt < new Date()) return null;
  return context.keyring.decrypt({
    ciphertext: card.interactionToken,
    userId: call.userId,
    serviceName: 'interaction-token',
  });
}
