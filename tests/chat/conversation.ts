import { randomBytes, randomUUID } from 'node:crypto';
import { Writable } from 'node:stream';
import { eq } from 'drizzle-orm';
import { type PlaygroundServers, startServers } from '../../playground/servers/start-servers.ts';
import { createLog, SecretValues } from '../../src/bot/log.ts';
import { resumeTurn } from '../../src/bot/recovery/resume-turn.ts';
import { createModel } from '../../src/chat/model.ts';
import type { Sink } from '../../src/chat/sink.ts';
import { answerMessage, saveSaid, type TurnContext } from '../../src/chat/turn.ts';
import { TurnQueue } from '../../src/chat/turn-queue.ts';
import { createKeyring } from '../../src/db/encryption.ts';
import { getChatAndOwner, getOrCreateCurrentChat } from '../../src/db/queries/chats.ts';
import { getMessage } from '../../src/db/queries/messages.ts';
import { createServiceConfig } from '../../src/db/queries/service-configs.ts';
import { takeOverTurn } from '../../src/db/queries/streams.ts';
import { upsertUser } from '../../src/db/queries/users.ts';
import { type Chat, type Message, message, type Stream, type ToolCall, type User } from '../../src/db/schema.ts';
import { SealedKey } from '../../src/db/sealed-key.ts';
import { sayInEnglish } from '../../src/messages.ts';
import type { TimeLimits } from '../../src/time-limits.ts';
import { Fence } from '../../src/tools/fence.ts';
import type { LedgerContext } from '../../src/tools/run-claimed.ts';
import { openTestDatabase } from '../database.ts';
import { type ScriptedModel, startScriptedModel } from './scripted-model.ts';

type ServiceName = 'radarr' | 'sonarr';

/** What a person would have seen: every text, every line of activity, the cards, and the last text. */
export type SeenSink = Sink & { texts: string[]; activities: string[]; cards: ToolCall[]; finished: string[] };

export function seenSink(): SeenSink {
  const seen = { texts: [] as string[], activities: [] as string[], finished: [] as string[] };
  const cards: ToolCall[] = [];
  let keep: (full: string) => Promise<void> = () => Promise.resolve();
  return {
    ...seen,
    say: sayInEnglish,
    cards,
    beforeText: (next) => {
      keep = next;
    },
    text: (full) => {
      seen.texts.push(full);
      // As the real one: kept before it is shown. A turn that is over by then keeps nothing.
      keep(full).catch(() => undefined);
    },
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
  /** The same person in another channel. */
  channel(place: Place): Promise<Place>;
  /** A message of this person, answered to its end. */
  say(
    place: Place,
    text: string,
    options?: {
      id?: string;
      sink?: SeenSink;
      context?: TurnContext;
      attachments?: Parameters<typeof saveSaid>[1]['attachments'];
    },
  ): Promise<SeenSink>;
  messages(place: Place): Promise<Message[]>;
  stop(): Promise<void>;
};

/** The same process with other times. */
export function withLimits(context: TurnContext, limits: Partial<TimeLimits>): TurnContext {
  const { ledger } = context;
  return { ...context, ledger: { ...ledger, limits: { ...ledger.limits, ...limits } } };
}

/** Takes over a turn whose process died, and ends it for the person behind `sink`. */
export async function endCutTurn(context: TurnContext, cut: Stream, sink: Sink): Promise<void> {
  const { db, limits, processId } = context.ledger;
  const turn = await takeOverTurn(db, cut, { owner: processId, leaseMs: limits.leaseMs });
  const owned = await getChatAndOwner(db, { chatId: cut.chatId });
  const asked = await getMessage(db, { id: cut.messageId ?? '', chatId: cut.chatId });
  if (turn !== null && owned !== null && asked !== null)
    await resumeTurn(context, { turn, cut, place: { ...owned, message: asked } }, sink);
}

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
  const process = (): TurnContext => {
    const ledger: LedgerContext = {
      db,
      keyring,
      http: { addressPolicy: 'private-allowed', timeoutMs: 10_000, maxResponseBytes: 1_000_000 },
      // Long enough for a busy machine: a test that waits for one to pass sets its own.
      limits: {
        serviceMs: 10_000,
        answerMs: 15_000,
        slowMs: 60_000,
        modelMs: 10_000,
        autocompleteMs: 1000,
        buttonMs: 60_000,
        leaseMs: 10_000,
        editMs: 20,
        firstWordsMs: 10,
        progressMs: 300,
        followMs: 60_000,
        tokenMs: 60_000,
        stopMs: 300,
      },
      log: createLog({ level: 'debug', secrets: new SecretValues(), destination }),
      processId: randomUUID(),
      fence: new Fence(),
    };
    const context: TurnContext = {
      ledger,
      model: createModel({ apiKey: undefined, baseUrl: model.baseUrl, model: 'scripted', api: 'chat' }),
      historyTokens: 8000,
      turns: new TurnQueue(),
      signal: leaving.signal,
      finishCutTurn: (cut) => endCutTurn(context, cut, seenSink()),
    };
    return context;
  };
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
        const place = { userId: user.id, serviceName, baseUrl };
        await createServiceConfig(db, { ...place, apiKey: SealedKey.seal(keyring, apiKey, place) });
      }
      return { user, chat: await getOrCreateCurrentChat(db, { userId: user.id, channelId: user.id, guildId: null }) };
    },
    channel: async ({ user }) => ({
      user,
      chat: await getOrCreateCurrentChat(db, { userId: user.id, channelId: randomUUID(), guildId: null }),
    }),
    async say(place, text, { id = randomUUID(), sink = seenSink(), context: own = context, attachments = [] } = {}) {
      const { chat } = place;
      // As the edge does: one after the other, so that what is said is stored in order.
      const said = await own.turns.run(`said:${chat.id}`, () =>
        saveSaid(own, { chat, text, attachments, sourceMessageId: id }),
      );
      if (said !== null) await answerMessage(own, { ...place, message: said }, sink);
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
