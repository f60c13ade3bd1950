import { DiscordAPIError, MessageFlags, RESTJSONErrorCodes, Routes } from 'discord.js';
import type { CardMessage } from '../commands/cards/title-face.ts';
import { openToken, tokenOfCall } from '../commands/interaction-token.ts';
import type { Card, ToolCall } from '../db/schema.ts';
import type { BotContext } from './bot-context.ts';

/** `gone`: message or channel is no more. `no-right`: only a new press could change it. `later`: Discord failed just now. */
export type Edited = 'done' | 'gone' | 'no-right' | 'later';

/** Changes the message of a card by the bot's own right, or by its interaction's token. */
export async function editCardMessage(
  context: BotContext,
  { card, call, way }: { card: Card; call: ToolCall; way: 'bot' | 'token' },
  message: CardMessage,
): Promise<Edited> {
  const token = way === 'token' ? openToken(context.keyring, card, tokenOfCall(call)) : null;
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
    const edited = outcomeOf(error);
    const level = edited === 'later' ? 'warn' : 'info';
    context.log[level]({ err: error, callId: call.id, edited }, 'a message could not be changed');
    return edited;
  }
}

function outcomeOf(error: unknown): Edited {
  if (!(error instanceof DiscordAPIError) || error.status >= 500 || error.status === 429) return 'later';
  if (error.code === RESTJSONErrorCodes.InvalidWebhookToken || error.code === RESTJSONErrorCodes.UnknownWebhook)
    return 'no-right';
  return 'gone';
}
