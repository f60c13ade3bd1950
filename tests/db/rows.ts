import { randomInt, randomUUID } from 'node:crypto';
import type { Database } from '../../src/db/connection.ts';
import { getOrCreateCurrentChat } from '../../src/db/queries/chats.ts';
import { saveMessage } from '../../src/db/queries/messages.ts';
import { createToolCall } from '../../src/db/queries/tool-calls.ts';
import { upsertUser } from '../../src/db/queries/users.ts';
import type { Chat, Message, ToolCall, User } from '../../src/db/schema.ts';

export function someDiscordId(): string {
  return `${randomInt(1e8, 1e9)}${randomInt(1e8, 1e9)}`;
}

export async function someUser(db: Database): Promise<User> {
  return upsertUser(db, { discordId: someDiscordId(), username: 'ada' });
}

export async function someChat(db: Database, { user }: { user: User }): Promise<Chat> {
  return getOrCreateCurrentChat(db, { userId: user.id, channelId: someDiscordId(), guildId: null });
}

export async function someMessage(db: Database, { chat, text }: { chat: Chat; text?: string }): Promise<Message> {
  const parts: Message['parts'] = [{ type: 'text', text: text ?? 'hello' }];
  return (await saveMessage(db, { chatId: chat.id, role: 'user', parts })).message;
}

export async function someToolCall(
  db: Database,
  { user, ...others }: { user: User } & Partial<Parameters<typeof createToolCall>[1]>,
): Promise<ToolCall> {
  const { call } = await createToolCall(db, {
    userId: user.id,
    ownerId: user.id,
    chatId: null,
    messageId: null,
    toolName: 'request_movie',
    input: { tmdbId: 438631 },
    effect: 'write',
    origin: 'command',
    status: 'queued',
    dedupeKey: randomUUID(),
    ...others,
  });
  return call;
}
