import { type Surface, surfaceOf } from '../commands/cards/surface.ts';
import { openToken, tokenOfCall } from '../commands/interaction-token.ts';
import type { Card, ToolCall } from '../db/schema.ts';
import type { BotContext } from './bot-context.ts';

/** The surface of a stored card. Where it takes an interaction's token and none that still holds is there, it cannot be edited. */
export function cardSurface(
  { client, ledger }: BotContext,
  { card, call, way, discordUserId }: { card: Card; call: ToolCall; way: 'bot' | 'token'; discordUserId: string },
): Surface {
  const token = way === 'token' ? openToken(ledger.keyring, card, tokenOfCall(call)) : null;
  const { discordMessageId: messageId, channelId } = card;
  const log = ledger.log.child({ callId: call.id });
  const surface = surfaceOf({ client, log }, { messageId, channelId, discordUserId, token });
  return way === 'token' && token === null ? { ...surface, edit: async () => 'no-right' } : surface;
}
