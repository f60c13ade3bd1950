import { check, index, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { createdAt, id, type Json, jsonb, moment, oneOf, ownerNumber, updatedAt } from './columns.ts';
import { chat, message, user } from './conversations.ts';

export const toolCallStatuses = ['queued', 'running', 'succeeded', 'failed', 'timeout', 'canceled'] as const;
export const toolCallEffects = ['read', 'write', 'destroy'] as const;
/** What asked for a call: a command or its card, the model, background work. */
export const toolCallOrigins = ['command', 'model', 'job'] as const;
/**
 * What ended a call: `run` and `press`: it ran, at once or after its press, to its end; `stop`: the person stopped it while it ran;
 * `cancel`: they pressed Cancel; `expiry`: nobody pressed; `recovery`: its process died, and another settled it.
 */
export const toolCallEndings = ['run', 'press', 'stop', 'cancel', 'expiry', 'recovery'] as const;
/** How it is known that a call succeeded: by the server's answer, or because the server was asked afterwards. */
export const toolCallConfirmations = ['answer', 'asked_afterwards'] as const;

/** What a card's message shows: a call that waits or runs; how that ended, and then what comes of it. */
export const cardFaces = ['call', 'end'] as const;

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
    origin: text('origin', { enum: toolCallOrigins }).notNull(),
    dedupeKey: text('dedupeKey').unique(),
    claimedBy: text('claimedBy'),
    ownerNumber: ownerNumber(),
    leaseUntil: moment('leaseUntil'),
    /** When its person asked that it stops while it ran. */
    stopAskedAt: moment('stopAskedAt'),
    /** Null until it has ended. */
    endedBy: text('endedBy', { enum: toolCallEndings }),
    /** Null unless it succeeded. Asked afterwards, there is no output: the answer that would have brought it was lost. */
    confirmedBy: text('confirmedBy', { enum: toolCallConfirmations }),
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
    check('ToolCall_origin_check', oneOf('origin', toolCallOrigins)),
    check('ToolCall_endedBy_check', oneOf('endedBy', toolCallEndings)),
    check('ToolCall_confirmedBy_check', oneOf('confirmedBy', toolCallConfirmations)),
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
    shows: text('shows', { enum: cardFaces }).notNull().default('call'),
    /** Ciphertext. */
    interactionToken: text('interactionToken'),
    tokenExpiresAt: moment('tokenExpiresAt'),
    watchState: jsonb('watchState').$type<Json>().notNull().default({}),
    nextPollAt: moment('nextPollAt'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (table) => [
    check('Card_shows_check', oneOf('shows', cardFaces)),
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
