import type { Sink } from '../chat/sink.ts';
import { getChatAndOwner } from '../db/queries/chats.ts';
import { getMessage } from '../db/queries/messages.ts';
import type { Chat, Message, User } from '../db/schema.ts';
import type { BotContext } from './bot-context.ts';
import { sayInChannel } from './readers.ts';
import { channelSender } from './reply-sender.ts';
import { turnSink } from './turn-sink.ts';

/** Where to answer a stored message without the event that brought it: its person, its chat, and the sink that reaches them. */
export type Place = { user: User; chat: Chat; message: Message; sink: Sink };

/** Null when the message, the chat or the person is gone. Throws when Discord or the database fails. */
export async function placeOf(
  context: BotContext,
  { chatId, messageId }: { chatId: string; messageId: string },
): Promise<Place | null> {
  const [owned, message] = await Promise.all([
    getChatAndOwner(context.ledger.db, { chatId }),
    getMessage(context.ledger.db, { id: messageId, chatId }),
  ]);
  if (owned === null || message === null) return null;
  const { user, chat } = owned;
  // A person's message is known to Discord, and so to every process, by Discord's own id.
  const said = message.role === 'user' ? message.sourceMessageId : null;
  const { channelId } = chat;
  const sender = await channelSender(
    { log: context.ledger.log, client: context.client },
    { channelId, discordUserId: user.discordId, replyTo: said },
  );
  const say = sayInChannel(context.client, { channelId, user });
  return { user, chat, message, sink: turnSink(context, { sender, user, question: said ?? message.id, say }) };
}
