import { randomBytes, randomUUID } from 'node:crypto';
import { Writable } from 'node:stream';
import { eq } from 'drizzle-orm';
import { type PlaygroundServers, startServers } from '../../playground/servers/start-servers.ts';
import { createLog, SecretValues } from '../../src/bot/log.ts';
import { createModel } from '../../src/chat/model.ts';
import { storeCutAnswer } from '../../src/chat/recover.ts';
import type { Sink } from '../../src/chat/sink.ts';
import { runTurn, type TurnContext } from '../../src/chat/turn.ts';
import { TurnQueue } from '../../src/chat/turn-queue.ts';
import { createKeyring } from '../../src/db/encryption.ts';
import { getOrCreateCurrentChat } from '../../src/db/queries/chats.ts';
import { createServiceConfig } from '../../src/db/queries/service-configs.ts';
import { upsertUser } from '../../src/db/queries/users.ts';
import { type Chat, type Message, message, type ToolCall, type User } from '../../src/db/schema.ts';
import { openTestDatabase } from '../database.ts';
import { type ScriptedModel, startScriptedModel } from './scripted-model.ts';

type ServiceName = 'radarr' | 'sonarr';

/** What a person would have seen: every text, every line of activity, the cards, and the last text. */
export type SeenSink = Sink & { texts: string[]; activities: string[]; cards: ToolCall[]; finished: string[] };

export function seenSink(): SeenSink {
  const seen = { texts: [] as string[], activities: [] as string[], finished: [] as string[] };
  const cards: ToolCall[] = [];
  return {
    ...seen,
    cards,
    text: (full) => void seen.texts.push(full),
    activity: (line) => {
      if (line !== null) seen.activities.push(line);
    },
    finish: async (text) => {
      seen.finished.push(text);
      return [`shown-${seen.finished.length}`];
    },
    showCard: async (call) => void cards.push(call),
  };
}

export type Place = { user: User; chat: Chat };
export type Conversations = {
  context: TurnContext;
  model: ScriptedModel;
  servers: PlaygroundServers;
  logged(): string;
  /** Another process on the same database. */
  otherProcess(): TurnContext;
  /** A person in a channel of their own, with these services set up. */
  someone(...services: ServiceName[]): Promise<Place>;
  /** A message of this person, answered to its end. */
  say(place: Place, text: string, options?: { id?: string; sink?: SeenSink; context?: TurnContext }): Promise<SeenSink>;
  messages(place: Place): Promise<Message[]>;
  stop(): Promise<void>;
};

/** Turns on a real database, the playground's media servers and a model that says what the test scripted. */
export async function startConversations(): Promise<Conversations> {
  const [database, model, servers] = await Promise.all([openTestDatabase(), startScriptedModel(), startServers()]);
  const { db } = database;
  const keyring = createKeyring([randomBytes(32)]);
  const lines: string[] = [];
  const destination = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  const leaving = new AbortController();
  const process = (): TurnContext => ({
    db,
    keyring,
    http: { addressPolicy: 'private-allowed', timeoutMs: 10_000, maxResponseBytes: 1_000_000 },
    // Long enough for a busy machine: a test that waits for one to pass sets its own.
    limits: {
      serviceMs: 10_000,
      modelMs: 10_000,
      autocompleteMs: 1000,
      buttonMs: 60_000,
      leaseMs: 10_000,
      editMs: 20,
      progressMs: 300,
      followMs: 60_000,
      tokenMs: 60_000,
      stopMs: 300,
    },
    log: createLog({ level: 'debug', secrets: new SecretValues(), destination }),
    processId: randomUUID(),
    model: createModel({ apiKey: undefined, baseUrl: model.baseUrl, model: 'scripted', api: 'chat' }),
    historyTokens: 8000,
    turns: new TurnQueue(),
    signal: leaving.signal,
    finishCutTurn: async (turn) => void (await storeCutAnswer(db, turn)),
  });
  const context = process();
  return {
    context,
    model,
    servers,
    logged: () => lines.join(''),
    otherProcess: process,
    async someone(...services) {
      const user = await upsertUser(db, { discordId: randomUUID(), username: 'ada', displayName: 'Ada' });
      for (const serviceName of services) {
        const { url: baseUrl, apiKey } = servers[serviceName];
        const sealed = keyring.encrypt({ plaintext: apiKey, userId: user.id, serviceName });
        await createServiceConfig(db, { userId: user.id, serviceName, baseUrl, apiKey: sealed });
      }
      return { user, chat: await getOrCreateCurrentChat(db, { userId: user.id, channelId: user.id, guildId: null }) };
    },
    async say(place, text, { id = randomUUID(), sink = seenSink(), context: own = context } = {}) {
      await runTurn(own, { ...place, text, attachments: [], sourceMessageId: id }, sink);
      return sink;
    },
    messages: ({ chat }) => db.select().from(message).where(eq(message.chatId, chat.id)).orderBy(message.position),
    stop: async () => {
      leaving.abort(new Error('the tests are over'));
      await Promise.all([model.stop(), servers.stop()]);
      await database.close();
    },
  };
}
