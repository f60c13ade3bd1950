import type { UIMessage } from 'ai';
import { relations, sql } from 'drizzle-orm';
import {
  boolean,
  check,
  foreignKey,
  index,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
  uuid,
  varchar,
} from 'drizzle-orm/pg-core';

export const userRoles = ['user', 'admin'] as const;
export const chatVisibilities = ['public', 'private'] as const;
export const messageRoles = ['user', 'assistant', 'system', 'tool'] as const;
export const documentKinds = ['text', 'list', 'sheet'] as const;
export const toolCallStatuses = ['queued', 'running', 'succeeded', 'failed', 'timeout', 'canceled'] as const;
export const toolCallEffects = ['read', 'write', 'destroy'] as const;

type Json = Record<string, unknown>;

const id = () => uuid('id').primaryKey().notNull().defaultRandom();
const moment = (name: string) => timestamp(name, { withTimezone: true });
const createdAt = () => moment('createdAt').notNull().defaultNow();
const updatedAt = () => moment('updatedAt').notNull().defaultNow();
const oneOf = (column: string, values: readonly string[]) =>
  sql.raw(`"${column}" in (${values.map((value) => `'${value}'`).join(', ')})`);

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
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (table) => [
    check('Message_v2_role_check', oneOf('role', messageRoles)),
    index('Message_v2_chatId_createdAt_index').on(table.chatId, table.createdAt),
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

export const document = pgTable(
  'Document',
  {
    id: uuid('id').notNull().defaultRandom(),
    createdAt: createdAt(),
    title: text('title').notNull(),
    content: text('content'),
    kind: text('kind', { enum: documentKinds }).notNull().default('text'),
    userId: uuid('userId')
      .notNull()
      .references(() => user.id, { onDelete: 'cascade' }),
  },
  (table) => [
    primaryKey({ columns: [table.id, table.createdAt] }),
    check('Document_kind_check', oneOf('kind', documentKinds)),
    index('Document_userId_index').on(table.userId),
  ],
);

export const suggestion = pgTable(
  'Suggestion',
  {
    id: id(),
    documentId: uuid('documentId').notNull(),
    documentCreatedAt: moment('documentCreatedAt').notNull(),
    originalText: text('originalText').notNull(),
    suggestedText: text('suggestedText').notNull(),
    description: text('description'),
    isResolved: boolean('isResolved').notNull().default(false),
    userId: uuid('userId')
      .notNull()
      .references(() => user.id, { onDelete: 'cascade' }),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (table) => [
    foreignKey({
      name: 'Suggestion_document_foreign_key',
      columns: [table.documentId, table.documentCreatedAt],
      foreignColumns: [document.id, document.createdAt],
    }).onDelete('cascade'),
    index('Suggestion_document_index').on(table.documentId, table.documentCreatedAt),
    index('Suggestion_userId_index').on(table.userId),
  ],
);

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

export const serviceConfig = pgTable(
  'ServiceConfig',
  {
    id: id(),
    userId: uuid('userId')
      .notNull()
      .references(() => user.id, { onDelete: 'cascade' }),
    serviceName: varchar('serviceName', { length: 50 }).notNull(),
    baseUrl: text('baseUrl').notNull(),
    /** Ciphertext: see encryption.ts. */
    apiKey: text('apiKey').notNull(),
    username: text('username'),
    options: jsonb('options').$type<Json>().notNull().default({}),
    isEnabled: boolean('isEnabled').notNull().default(true),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (table) => [uniqueIndex('ServiceConfig_userId_serviceName_unique').on(table.userId, table.serviceName)],
);

export const toolCall = pgTable(
  'ToolCall',
  {
    id: id(),
    userId: uuid('userId')
      .notNull()
      .references(() => user.id, { onDelete: 'cascade' }),
    ownerId: uuid('ownerId')
      .notNull()
      .references(() => user.id, { onDelete: 'cascade' }),
    chatId: uuid('chatId').references(() => chat.id, { onDelete: 'set null' }),
    messageId: uuid('messageId').references(() => message.id, { onDelete: 'set null' }),
    toolName: text('toolName').notNull(),
    input: jsonb('input').$type<unknown>().notNull(),
    output: jsonb('output').$type<unknown>(),
    status: text('status', { enum: toolCallStatuses }).notNull(),
    effect: text('effect', { enum: toolCallEffects }).notNull(),
    dedupeKey: text('dedupeKey').unique(),
    claimedBy: text('claimedBy'),
    leaseUntil: moment('leaseUntil'),
    error: text('error'),
    queuedAt: moment('queuedAt').notNull().defaultNow(),
    startedAt: moment('startedAt'),
    finishedAt: moment('finishedAt'),
    expiresAt: moment('expiresAt'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (table) => [
    check('ToolCall_status_check', oneOf('status', toolCallStatuses)),
    check('ToolCall_effect_check', oneOf('effect', toolCallEffects)),
    index('ToolCall_userId_queuedAt_index').on(table.userId, table.queuedAt),
    index('ToolCall_ownerId_index').on(table.ownerId),
    index('ToolCall_chatId_index').on(table.chatId),
    index('ToolCall_messageId_index').on(table.messageId),
    index('ToolCall_status_expiresAt_index').on(table.status, table.expiresAt),
    index('ToolCall_status_leaseUntil_index').on(table.status, table.leaseUntil),
    index('ToolCall_finishedAt_index').on(table.finishedAt),
  ],
);

export const card = pgTable(
  'Card',
  {
    id: id(),
    toolCallId: uuid('toolCallId')
      .notNull()
      .references(() => toolCall.id, { onDelete: 'cascade' }),
    channelId: text('channelId').notNull(),
    discordMessageId: text('discordMessageId').notNull(),
    /** Ciphertext. */
    interactionToken: text('interactionToken'),
    tokenExpiresAt: moment('tokenExpiresAt'),
    watchState: jsonb('watchState').$type<Json>().notNull().default({}),
    nextPollAt: moment('nextPollAt'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (table) => [
    uniqueIndex('Card_toolCallId_discordMessageId_unique').on(table.toolCallId, table.discordMessageId),
    index('Card_nextPollAt_index').on(table.nextPollAt),
  ],
);

export const auditLog = pgTable(
  'AuditLog',
  {
    id: id(),
    userId: uuid('userId').references(() => user.id, { onDelete: 'set null' }),
    action: text('action').notNull(),
    tableName: text('tableName').notNull(),
    recordId: uuid('recordId').notNull(),
    changes: jsonb('changes').$type<Json>().notNull().default({}),
    createdAt: createdAt(),
  },
  (table) => [
    index('AuditLog_userId_createdAt_index').on(table.userId, table.createdAt),
    index('AuditLog_recordId_index').on(table.recordId),
  ],
);

export const userRelations = relations(user, ({ many }) => ({
  chats: many(chat),
  votes: many(vote),
  documents: many(document),
  suggestions: many(suggestion),
  serviceConfigs: many(serviceConfig),
  toolCalls: many(toolCall, { relationName: 'actor' }),
  ownedToolCalls: many(toolCall, { relationName: 'owner' }),
  auditLogs: many(auditLog),
}));
export const chatRelations = relations(chat, ({ one, many }) => ({
  user: one(user, { fields: [chat.userId], references: [user.id] }),
  messages: many(message),
  votes: many(vote),
  toolCalls: many(toolCall),
  stream: one(stream),
}));
export const messageRelations = relations(message, ({ one, many }) => ({
  chat: one(chat, { fields: [message.chatId], references: [chat.id] }),
  votes: many(vote),
  toolCalls: many(toolCall),
  streams: many(stream),
}));
export const voteRelations = relations(vote, ({ one }) => ({
  chat: one(chat, { fields: [vote.chatId], references: [chat.id] }),
  message: one(message, { fields: [vote.messageId], references: [message.id] }),
  user: one(user, { fields: [vote.userId], references: [user.id] }),
}));
export const documentRelations = relations(document, ({ one, many }) => ({
  user: one(user, { fields: [document.userId], references: [user.id] }),
  suggestions: many(suggestion),
}));
export const suggestionRelations = relations(suggestion, ({ one }) => ({
  document: one(document, {
    fields: [suggestion.documentId, suggestion.documentCreatedAt],
    references: [document.id, document.createdAt],
  }),
  user: one(user, { fields: [suggestion.userId], references: [user.id] }),
}));
export const streamRelations = relations(stream, ({ one }) => ({
  chat: one(chat, { fields: [stream.chatId], references: [chat.id] }),
  message: one(message, { fields: [stream.messageId], references: [message.id] }),
}));
export const serviceConfigRelations = relations(serviceConfig, ({ one }) => ({
  user: one(user, { fields: [serviceConfig.userId], references: [user.id] }),
}));
export const toolCallRelations = relations(toolCall, ({ one, many }) => ({
  user: one(user, { fields: [toolCall.userId], references: [user.id], relationName: 'actor' }),
  owner: one(user, { fields: [toolCall.ownerId], references: [user.id], relationName: 'owner' }),
  chat: one(chat, { fields: [toolCall.chatId], references: [chat.id] }),
  message: one(message, { fields: [toolCall.messageId], references: [message.id] }),
  cards: many(card),
}));
export const cardRelations = relations(card, ({ one }) => ({
  toolCall: one(toolCall, { fields: [card.toolCallId], references: [toolCall.id] }),
}));
export const auditLogRelations = relations(auditLog, ({ one }) => ({
  user: one(user, { fields: [auditLog.userId], references: [user.id] }),
}));

export type User = typeof user.$inferSelect;
export type NewUser = typeof user.$inferInsert;
export type Chat = typeof chat.$inferSelect;
export type NewChat = typeof chat.$inferInsert;
export type Message = typeof message.$inferSelect;
export type NewMessage = typeof message.$inferInsert;
export type Vote = typeof vote.$inferSelect;
export type NewVote = typeof vote.$inferInsert;
export type Document = typeof document.$inferSelect;
export type NewDocument = typeof document.$inferInsert;
export type Suggestion = typeof suggestion.$inferSelect;
export type NewSuggestion = typeof suggestion.$inferInsert;
export type Stream = typeof stream.$inferSelect;
export type NewStream = typeof stream.$inferInsert;
export type ServiceConfig = typeof serviceConfig.$inferSelect;
export type NewServiceConfig = typeof serviceConfig.$inferInsert;
export type ToolCall = typeof toolCall.$inferSelect;
export type NewToolCall = typeof toolCall.$inferInsert;
export type Card = typeof card.$inferSelect;
export type NewCard = typeof card.$inferInsert;
export type AuditLog = typeof auditLog.$inferSelect;
export type NewAuditLog = typeof auditLog.$inferInsert;
