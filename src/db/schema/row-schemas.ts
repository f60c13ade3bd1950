import { createInsertSchema, createSelectSchema, createUpdateSchema } from 'drizzle-zod';
import { z } from 'zod';
import { chat, message, stream, user, vote } from './conversations.ts';
import { document, suggestion } from './documents.ts';
import { auditLog, card, toolCall } from './ledger.ts';
import { serviceConfig } from './service-configs.ts';

const object = () => z.record(z.string(), z.unknown());
const parts = () => z.array(z.looseObject({ type: z.string() }));
const ids = () => z.array(z.string());
/** Discord's ids: decimal numbers of 64 bits, as text. */
const discordId = () => z.string().regex(/^\d{15,21}$/, 'takes a Discord id of 15 to 21 digits');

const userColumns = { discordId, preferences: object };
const messageColumns = { parts, attachments: () => z.array(object()), replyMessageIds: ids };
const serviceConfigColumns = { baseUrl: () => z.url({ protocol: /^https?$/ }), options: object };

/** What a row of each table looks like, and what may be inserted or changed; derived from the tables. */
export const rowSchemas = {
  user: {
    select: createSelectSchema(user, userColumns),
    insert: createInsertSchema(user, userColumns),
    update: createUpdateSchema(user, userColumns),
  },
  chat: { select: createSelectSchema(chat), insert: createInsertSchema(chat), update: createUpdateSchema(chat) },
  message: {
    select: createSelectSchema(message, messageColumns),
    insert: createInsertSchema(message, messageColumns),
    update: createUpdateSchema(message, messageColumns),
  },
  vote: { select: createSelectSchema(vote), insert: createInsertSchema(vote), update: createUpdateSchema(vote) },
  document: { select: createSelectSchema(document), insert: createInsertSchema(document) },
  suggestion: {
    select: createSelectSchema(suggestion),
    insert: createInsertSchema(suggestion),
    update: createUpdateSchema(suggestion),
  },
  stream: {
    select: createSelectSchema(stream, { state: object }),
    insert: createInsertSchema(stream, { state: object }),
    update: createUpdateSchema(stream, { state: object }),
  },
  serviceConfig: {
    select: createSelectSchema(serviceConfig, serviceConfigColumns),
    insert: createInsertSchema(serviceConfig, serviceConfigColumns),
    update: createUpdateSchema(serviceConfig, serviceConfigColumns),
  },
  toolCall: {
    select: createSelectSchema(toolCall, { input: () => z.unknown(), output: () => z.unknown() }),
    insert: createInsertSchema(toolCall, { input: () => z.unknown(), output: () => z.unknown() }),
    update: createUpdateSchema(toolCall, { input: () => z.unknown(), output: () => z.unknown() }),
  },
  card: {
    select: createSelectSchema(card, { watchState: object }),
    insert: createInsertSchema(card, { watchState: object }),
    update: createUpdateSchema(card, { watchState: object }),
  },
  auditLog: {
    select: createSelectSchema(auditLog, { changes: object }),
    insert: createInsertSchema(auditLog, { changes: object }),
  },
};
