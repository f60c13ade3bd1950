import { DiscordAPIError, MessageFlags, RESTJSONErrorCodes, Routes } from 'discord.js';
import type { CardMessage } from '../commands/cards/title-face.ts';
import { openToken, tokenOfCall } from '../commands/interaction-token.ts';
import type { Card, ToolCall } from '../db/schema.ts';
import { TakenOverError } from '../errors.ts';
import type { BotContext } from './bot-context.ts';

/** `gone`: the message or channel no longer exists. `no-right`: only a new press could edit it. `later`: Discord failed this time. */
export type Edited = 'done' | 'gone' | 'no-right' | 'later';

/** Edits a card's message with the bot's own token, or with that of its interaction. */
export async function editCardMessage(
  context: BotContext,
  { card, call, way }: { card: Card; call: ToolCall; way: 'bot' | 'token' },
  message: CardMessage,
): Promise<Edited> {
  const token = way === 'token' ? openToken(context.ledger.keyring, card, tokenOfCall(call)) : null;
  if (way === 'token' && token === null) return 'no-right';
  const body = { components: message.components, flags: MessageFlags.IsComponentsV2, allowed_mentions: { parse: [] } };
  const route =
    token === null
      ? Routes.channelMessage(card.channelId, card.discordMessageId)
      : Routes.webhookMessage(context.client.application.id, token, card.discordMessageId);
  try {
    await context.client.rest.patch(route, { body, auth: token === null });
    return 'done';
  } catch (error) {
    if (error instanceof TakenOverError) throw error;
    const edited = outcomeOf(error);
    const level = edited === 'later' ? 'warn' : 'info';
    context.ledger.log[level]({ err: error, callId: call.id, edited }, 'a message could not be edited');
    return edited;
  }
}

function outcomeOf(error: unknown): Edited {
  if (!(error instanceof DiscordAPIError) || error.status >= 500 || error.status === 429) return 'later';
  if (error.code === RESTJSONErrorCodes.InvalidWebhookToken || error.code === RESTJSONErrorCodes.UnknownWebhook)
    return 'no-right';
  return 'gone';
}
