import { relations } from 'drizzle-orm';
import { chat, message, stream, user, vote } from './conversations.ts';
import { document, suggestion } from './documents.ts';
import { auditLog, card, toolCall } from './ledger.ts';
import { serviceConfig } from './service-configs.ts';

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
