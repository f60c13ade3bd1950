import { type Surface, surfaceOf } from '../commands/cards/surface.ts';
import { openToken, tokenOfCall } from '../commands/interaction-token.ts';
import type { Card, ToolCall, User } from '../db/schema.ts';
import { sayIn } from '../languages/say-in.ts';
import type { BotContext } from './bot-context.ts';
import { sayInChannel } from './readers.ts';

/** The surface of a stored card. Where it takes an interaction's token and none that still holds is there, it cannot be edited. */
export function cardSurface(
  { client, ledger }: BotContext,
  { card, call, way, user }: { card: Card; call: ToolCall; way: 'bot' | 'token'; user: User },
): Surface {
  const token = way === 'token' ? openToken(ledger.keyring, card, tokenOfCall(call)) : null;
  const { discordMessageId: messageId, channelId } = card;
  const log = ledger.log.child({ callId: call.id });
  const says = { channel: sayInChannel(client, { channelId, user }), person: sayIn(user.locale) };
  const surface = surfaceOf({ client, log }, { messageId, channelId, discordUserId: user.discordId, token, says });
  return way === 'token' && token === null ? { ...surface, edit: async () => 'no-right' } : surface;
}
