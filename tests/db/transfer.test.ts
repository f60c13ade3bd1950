import { sql } from 'drizzle-orm';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { getOrCreateCurrentChat } from '../../src/db/queries/chats.ts';
import { saveMessage } from '../../src/db/queries/messages.ts';
import { createServiceConfig, getServiceConfig } from '../../src/db/queries/service-configs.ts';
import { createToolCall } from '../../src/db/queries/tool-calls.ts';
import { upsertUser } from '../../src/db/queries/users.ts';
import { exportDatabase, importDatabase } from '../../src/db/transfer.ts';
import { engines, openTestDatabase } from '../database.ts';
import { sealedFor } from './sealed.ts';

type Opened = Awaited<ReturnType<typeof openTestDatabase>>;
const opened: Opened[] = [];
const open = async (engine: (typeof engines)[number]) => {
  const database = await openTestDatabase(engine);
  opened.push(database);
  return database.db;
};
afterEach(async () => {
  for (const database of opened.splice(0)) await database.close();
});

/** A person with odd names and everything that hangs on them. */
async function fill(db: Opened['db'], seed: number) {
  const text = fc.sample(fc.string({ unit: 'binary', maxLength: 200 }), { seed, numRuns: 40 });
  const json = fc.sample(fc.jsonValue(), { seed, numRuns: 40 });
  const { id: userId } = await upsertUser(db, {
    discordId: `1${seed}`,
    username: 'ada',
    displayName: '“Ada” \\ \n 日本',
  });
  const place = { userId, serviceName: 'radarr', baseUrl: 'http://radarr' };
  const apiKey = sealedFor(place);
  await createServiceConfig(db, { ...place, apiKey });
  const chat = await getOrCreateCurrentChat(db, { userId, channelId: '1', guildId: null });
  for (const [index, words] of text.entries()) {
    const { message } = await saveMessage(db, {
      chatId: chat.id,
      role: index % 2 ? 'assistant' : 'user',
      parts: [{ type: 'text', text: words }],
      sourceMessageId: `source ${index}`,
    });
    await createToolCall(db, {
      userId,
      ownerId: userId,
      chatId: chat.id,
      messageId: message.id,
      toolName: 'search_movies',
      input: { odd: json[index] },
      effect: 'read',
      origin: 'command',
      status: 'running',
      dedupeKey: `key ${index}`,
      claimedBy: 'test',
      leaseMs: 1000,
    });
  }
  await db.execute(sql`update "User" set "lastSeenAt" = '2026-11-21 01:02:03.456789+00'`);
  return { userId, chatId: chat.id, ciphertext: apiKey.ciphertext };
}

async function written(db: Opened['db']): Promise<string[]> {
  const lines: string[] = [];
  await exportDatabase(db, async (line) => void lines.push(line.trimEnd()));
  return lines;
}

async function* streamed(lines: readonly string[]) {
  yield* lines;
}

const pairs = engines.flatMap((from) => engines.map((to) => [from, to] as const));

describe('an export', () => {
  it.each(pairs)('from %s is the same in %s, to the microsecond and the last character', async (from, to) => {
    const source = await open(from);
    const { userId, chatId, ciphertext } = await fill(source, 7);
    const lines = await written(source);
    const target = await open(to);
    const sums = await importDatabase(target, streamed(lines));
    expect(sums.find(({ table }) => table === 'Message_v2')?.rows).toBe(40);
    expect((await written(target)).toSorted()).toEqual(lines.toSorted());
    expect((await getServiceConfig(target, { userId, serviceName: 'radarr' }))?.apiKey).toBe(ciphertext);
    // What is new comes after what was brought.
    const { message } = await saveMessage(target, {
      chatId,
      role: 'user',
      parts: [{ type: 'text', text: 'new' }],
      sourceMessageId: 'new',
    });
    expect(Number(message.position)).toBeGreaterThan(40);
  });

  it('with random contents comes through whole', async () => {
    const source = await open('pglite');
    for (const seed of [11, 12, 13]) await fill(source, seed).catch(() => undefined);
    const lines = await written(source);
    const target = await open('pglite');
    await importDatabase(target, streamed(lines));
    expect((await written(target)).toSorted()).toEqual(lines.toSorted());
  });

  it('that is cut off, changed, foreign or of another version brings nothing', async () => {
    const source = await open('pglite');
    await fill(source, 5);
    const lines = await written(source);
    const target = await open('pglite');
    const refused = async (changed: readonly string[], words: RegExp) => {
      await expect(importDatabase(target, streamed(changed))).rejects.toThrow(words);
      const [empty] = await target
        .select({ users: sql<number>`(select count(*)::int from "User")` })
        .from(sql`(values (1)) as one`);
      expect(empty?.users).toBe(0);
    };
    await refused(lines.slice(0, -1), /cut off or was changed/);
    await refused(lines.slice(0, 20), /cut off or was changed/);
    await refused(lines.toSpliced(10, 1), /cut off or was changed/);
    await refused(
      lines.map((line) => line.replace('"ada"', '"eve"')),
      /cut off or was changed/,
    );
    await refused([...lines, lines[3] ?? ''], /cut off or was changed/);
    await refused(['{"hello": 1}', ...lines], /cut off or was changed/);
    await refused(['no json'], /cut off or was changed/);
    await refused([], /cut off or was changed/);
    await refused([(lines[0] ?? '').replace('0000_first', '0000_other'), ...lines.slice(1)], /another version/);
    await importDatabase(target, streamed(lines));
    await expect(importDatabase(target, streamed(lines))).rejects.toThrow(/not empty/);
  });
});
