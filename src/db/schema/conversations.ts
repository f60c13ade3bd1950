import type { UIMessage } from 'ai';
import { sql } from 'drizzle-orm';
import { bigint, boolean, check, index, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { createdAt, id, type Json, jsonb, moment, oneOf, ownerNumber, updatedAt } from './columns.ts';

export const userRoles = ['user', 'admin'] as const;
export const chatVisibilities = ['public', 'private'] as const;
export const messageRoles = ['user', 'assistant', 'system', 'tool'] as const;

export const user = pgTable(
  'User',
  {
    id: id(),
    discordId: text('discordId').notNull().unique(),
    username: text('username'),
    displayName: text('displayName'),
    avatarUrl: text('avatarUrl'),
    locale: text('locale'),
    timezone: text('timezone'),
    role: text('role', { enum: userRoles }).notNull().default('user'),
    preferences: jsonb('preferences').$type<Json>().notNull().default({}),
    lastSeenAt: moment('lastSeenAt').notNull().defaultNow(),
    /** Ciphertext: of the newest command that was answered with "thinking", so that a restart can end that. */
    interactionToken: text('interactionToken'),
    tokenExpiresAt: moment('tokenExpiresAt'),
    /** The process that answers that command, beside those that do not know yet that they do not: their ids with a space between. */
    tokenProcessId: text('tokenProcessId'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  () => [check('User_role_check', oneOf('role', userRoles))],
);

export const chat = pgTable(
  'Chat',
  {
    id: id(),
    userId: uuid('userId')
      .notNull()
      .references(() => user.id, { onDelete: 'cascade' }),
    channelId: text('channelId').notNull(),
    guildId: text('guildId'),
    title: text('title').notNull().default('New chat'),
    visibility: text('visibility', { enum: chatVisibilities }).notNull().default('private'),
    isCurrent: boolean('isCurrent').notNull().default(true),
    deletedAt: moment('deletedAt'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (table) => [
    check('Chat_visibility_check', oneOf('visibility', chatVisibilities)),
    uniqueIndex('Chat_current_unique')
      .on(table.userId, table.channelId)
      .where(sql`"isCurrent" and "deletedAt" is null`),
    index('Chat_userId_createdAt_index').on(table.userId, table.createdAt),
  ],
);

export const message = pgTable(
  'Message_v2',
  {
    id: id(),
    chatId: uuid('chatId')
      .notNull()
      .references(() => chat.id, { onDelete: 'cascade' }),
    role: text('role', { enum: messageRoles }).notNull(),
    parts: jsonb('parts').$type<UIMessage['parts']>().notNull(),
    attachments: jsonb('attachments').$type<Json[]>().notNull().default([]),
    sourceMessageId: text('sourceMessageId').unique(),
    replyMessageIds: jsonb('replyMessageIds').$type<string[]>().notNull().default([]),
    /** The order in which messages were saved: two may have the same moment. */
    position: bigint('position', { mode: 'number' }).notNull().generatedAlwaysAsIdentity(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (table) => [
    check('Message_v2_role_check', oneOf('role', messageRoles)),
    index('Message_v2_chatId_position_index').on(table.chatId, table.position),
    index('Message_v2_createdAt_index').on(table.createdAt),
  ],
);

export const vote = pgTable(
  'Vote_v2',
  {
    chatId: uuid('chatId')
      .notNull()
      .references(() => chat.id, { onDelete: 'cascade' }),
    messageId: uuid('messageId')
      .notNull()
      .references(() => message.id, { onDelete: 'cascade' }),
    userId: uuid('userId')
      .notNull()
      .references(() => user.id, { onDelete: 'cascade' }),
    isUpvoted: boolean('isUpvoted').notNull(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (table) => [
    primaryKey({ columns: [table.chatId, table.messageId, table.userId] }),
    index('Vote_v2_messageId_index').on(table.messageId),
    index('Vote_v2_userId_index').on(table.userId),
  ],
);

/** The turn that a conversation is in: who writes the answer, until when, and what there is of it. */
export const stream = pgTable(
  'Stream',
  {
    id: id(),
    chatId: uuid('chatId')
      .notNull()
      .unique()
      .references(() => chat.id, { onDelete: 'cascade' }),
    messageId: uuid('messageId').references(() => message.id, { onDelete: 'cascade' }),
    owner: text('owner').notNull(),
    ownerNumber: ownerNumber(),
    leaseUntil: moment('leaseUntil').notNull(),
    state: jsonb('state').$type<Json>().notNull().default({}),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (table) => [
    index('Stream_leaseUntil_index').on(table.leaseUntil),
    index('Stream_messageId_index').on(table.messageId),
  ],
);
