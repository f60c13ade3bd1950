import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Person } from '../../playground/discord/person.ts';
import type { Message } from '../../playground/discord/state.ts';
import { type Database, openDatabase } from '../../src/db/connection.ts';
import { getServiceConfig } from '../../src/db/queries/service-configs.ts';
import { getUserByDiscordId } from '../../src/db/queries/users.ts';
import { startTestBot, type TestBot } from '../bot.ts';
import { sealedInFormerFormat } from '../db/sealed.ts';
import { type Loopback, sendJson, startRoutes, startServer } from '../services/loopback-server.ts';

let test: TestBot;
/** A Radarr that these people really have, and what listens where somebody would like their keys to go. */
let own: Loopback;
let thief: Loopback;
beforeAll(async () => {
  const limits = { SERVICE_TIMEOUT_MS: '5000' };
  test = await startTestBot({ environment: { ALLOWED_USERS: '*', SERVICE_ADDRESSES: 'private-allowed', ...limits } });
  own = await startRoutes({
    'GET /api/v3/system/status': () => ({ appName: 'Radarr', version: '5.2.1' }),
    'GET /api/v3/movie': () => [],
    'GET /api/v3/movie/lookup': () => [],
    'GET /api/v3/queue': () => ({ page: 1, pageSize: 1, totalRecords: 0, records: [] }),
  });
  thief = await startServer((_request, response) => sendJson(response, { appName: 'Radarr', version: '5.2.1' }));
});
afterAll(async () => {
  await test.stop();
  await own[Symbol.asyncDispose]();
  await thief[Symbol.asyncDispose]();
});

const seen = (message: Message) => test.discord.render(message).replaceAll('\\', '');
const secretOf = (person: Person) => `key-canary-of-${person.id}`;
const command = async (person: Person, name: string) => seen(await person.slash(person.dm(), name).reply());

async function setUp(name: string): Promise<Person> {
  const person = test.discord.person(name);
  const typed = { address: own.url, secret: secretOf(person) };
  expect(seen(await test.setup.configure(person, 'radarr', typed))).toContain('is set up');
  return person;
}

/** Changes the database while the bot is not there, and starts it again. */
async function whileAway(work: (db: Database, encryptionKey: Buffer) => Promise<void>): Promise<void> {
  await test.bot.stop();
  const encryptionKey = Buffer.from(await readFile(join(test.folder.dataDir, 'encryption.key'), 'utf8'), 'base64');
  const opened = await openDatabase({ dataDir: test.folder.dataDir });
  try {
    await work(opened.db, encryptionKey);
  } finally {
    await opened.close();
  }
  await test.restart();
}

async function idOf(db: Database, person: Person): Promise<string> {
  const user = await getUserByDiscordId(db, { discordId: person.id });
  if (user === null) throw new Error(`the person ${person.id} was not saved`);
  return user.id;
}

async function toFormerFormat(db: Database, person: Person, key: Buffer): Promise<void> {
  const userId = await idOf(db, person);
  const former = sealedInFormerFormat(secretOf(person), { userId, serviceName: 'radarr', key });
  await db.execute(sql`update "ServiceConfig" set "apiKey" = ${former} where "userId" = ${userId}`);
}

describe('keys of a version before', () => {
  it('still work after the first start; those that cannot be decrypted are reported, and refused from then on', async () => {
    const [ada, bob] = [await setUp('Former-Ada'), await setUp('Former-Bob')];
    await whileAway(async (db, key) => {
      await toFormerFormat(db, ada, key);
      await toFormerFormat(db, bob, randomBytes(32));
      await db.execute(sql`delete from "KeyFormat"`);
    });
    expect(test.logged()).toMatch(/"sealed":1,[^\n]*encrypted again, each bound to its address/);
    expect(test.logged()).toMatch(/"unreadable":1,[^\n]*their owners must enter them again/);
    expect(await command(ada, 'services test')).toContain('answers');
    expect(await command(bob, 'services test')).toMatch(
      /was not sent\. Type address and key again with `\/services configure`/,
    );
    await whileAway(async (db, key) => {
      const config = await getServiceConfig(db, { userId: await idOf(db, ada), serviceName: 'radarr' });
      expect(config?.apiKey).toMatch(/^v2\./);
      // From an old backup, with an address of somebody's choice.
      await toFormerFormat(db, ada, key);
      await db.execute(
        sql`update "ServiceConfig" set "baseUrl" = ${thief.url} where "userId" = ${await idOf(db, ada)}`,
      );
    });
    expect(await command(ada, 'services test')).toContain('`/services configure`');
    expect(thief.seen).toEqual([]);
  });
});

describe('a key that was moved in the database', () => {
  const moves: [string, (db: Database, victim: string, other: string) => Promise<unknown>][] = [
    [
      'to another address',
      (db, victim) => db.execute(sql`update "ServiceConfig" set "baseUrl" = ${thief.url} where "userId" = ${victim}`),
    ],
    [
      'to another spelling of its machine',
      (db, victim) =>
        db.execute(
          sql`update "ServiceConfig" set "baseUrl" = replace("baseUrl", 'localhost', '127.0.0.1') where "userId" = ${victim}`,
        ),
    ],
    [
      'to another scheme',
      (db, victim) =>
        db.execute(
          sql`update "ServiceConfig" set "baseUrl" = replace("baseUrl", 'http:', 'https:') where "userId" = ${victim}`,
        ),
    ],
    [
      'to what is no address',
      (db, victim) => db.execute(sql`update "ServiceConfig" set "baseUrl" = 'nowhere' where "userId" = ${victim}`),
    ],
    [
      'to another service',
      (db, victim) => db.execute(sql`update "ServiceConfig" set "serviceName" = 'sonarr' where "userId" = ${victim}`),
    ],
    [
      'to another user',
      async (db, victim, other) => {
        await db.execute(sql`delete from "ServiceConfig" where "userId" = ${other}`);
        await db.execute(sql`update "ServiceConfig" set "userId" = ${other} where "userId" = ${victim}`);
      },
    ],
    [
      'into the row of another user, who has set up a server of theirs',
      (db, victim, other) =>
        db.execute(
          sql`update "ServiceConfig" set "apiKey" = (select "apiKey" from "ServiceConfig" where "userId" = ${victim}) where "userId" = ${other}`,
        ),
    ],
  ];
  const people = new Map<string, [victim: Person, other: Person]>();
  beforeAll(async () => {
    for (const [how] of moves)
      people.set(how, [await setUp(`Victim ${people.size}`), await setUp(`Other ${people.size}`)]);
    await whileAway(async (db) => {
      for (const [how, move] of moves) {
        const [victim, other] = people.get(how) ?? [];
        if (victim && other) await move(db, await idOf(db, victim), await idOf(db, other));
      }
    });
  });

  it.each(moves)('%s is sent nowhere, and the person is told what to do', async (how) => {
    const [victim, other] = people.get(how) ?? [];
    const told = how.includes('user') ? other : victim;
    if (told === undefined) throw new Error('nobody was set up');
    own.seen.length = 0;
    thief.seen.length = 0;
    for (const name of ['services test', 'status', 'downloads'])
      expect([name, await command(told, name)]).toEqual([name, expect.stringContaining('`/services configure`')]);
    const service = how.includes('service') ? 'sonarr' : 'radarr';
    const form = await told.slash(told.dm(), 'services configure', { service }).modal();
    // Whoever changed the address must not get the key typed for it.
    expect(JSON.stringify(form.data)).not.toMatch(/"value":"http|keep the current one/);
    await told.slash(told.dm(), 'services list').reply();
    expect([...own.seen, ...thief.seen]).toEqual([]);
    expect(test.logged()).not.toContain('key-canary');
    const typed = { address: own.url, secret: secretOf(told) };
    expect(seen(await test.setup.configure(told, 'radarr', typed))).toContain('is set up');
    expect(own.seen.map(({ headers }) => headers['x-api-key'])).toContain(secretOf(told));
  });
});
