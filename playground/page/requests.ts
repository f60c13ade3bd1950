import { z } from 'zod';

const id = z.string().max(40);
const values = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));
const file = z.object({ name: z.string().min(1).max(200), type: z.string().max(100), base64: z.base64() });

const requestSchema = z.discriminatedUnion('do', [
  z.object({
    do: z.literal('say'),
    as: id,
    channelId: id,
    text: z.string().max(2000),
    replyTo: id.nullable(),
    files: z.array(file).max(10),
  }),
  z.object({ do: z.literal('slash'), as: id, channelId: id, name: z.string().max(100), options: values }),
  z.object({
    do: z.literal('complete'),
    as: id,
    channelId: id,
    name: z.string().max(100),
    options: values,
    focused: z.string().max(40),
  }),
  z.object({ do: z.literal('press'), as: id, messageId: id, customId: z.string().max(100) }),
  z.object({
    do: z.literal('select'),
    as: id,
    messageId: id,
    customId: z.string().max(100),
    values: z.array(z.string().max(100)).max(25),
  }),
  z.object({
    do: z.literal('submit'),
    as: id,
    interactionId: id,
    fields: z.record(z.string(), z.union([z.string().max(4000), z.array(z.string().max(100)).max(25)])),
  }),
  z.object({ do: z.literal('react'), as: id, messageId: id, emoji: z.string().min(1).max(32) }),
  z.object({ do: z.literal('dismiss'), as: id, messageId: id }),
  z.object({ do: z.literal('fault'), server: z.string().max(20), fault: z.string().max(40).nullable() }),
  z.object({ do: z.literal('decide'), requestId: z.number().int(), isApproved: z.boolean() }),
  z.object({ do: z.literal('tick') }),
  z.object({ do: z.literal('clock'), isRunning: z.boolean() }),
  z.object({ do: z.literal('set-up'), as: id, server: z.string().max(20).nullable() }),
  z.object({ do: z.literal('bot'), to: z.enum(['kill', 'stop', 'start']) }),
]);

/** One thing that the page asks for; `number` names it in the answer. */
export type PageRequest = z.infer<typeof requestSchema>;
const envelope = z.object({ number: z.number().int(), request: requestSchema });

/** Reads what came over the WebSocket. Throws for anything that the page would not send. */
export function readRequest(text: string): z.infer<typeof envelope> {
  return envelope.parse(JSON.parse(text));
}
