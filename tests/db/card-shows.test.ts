import { sql } from 'drizzle-orm';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OpenDatabase } from '../../src/db/connection.ts';
import { findDrift } from '../../src/db/find-drift.ts';
import { migrationsFolder } from '../../src/db/migrations.ts';
import { createCard, getCardsByToolCallId } from '../../src/db/queries/cards.ts';
import { followCard } from '../../src/db/queries/followed-cards.ts';
import { engines, openTestDatabase } from '../database.ts';
import { someToolCall, someUser } from './rows.ts';

describe.each(engines)('cards from before it was stored what they show, on %s', (engine) => {
  let database: OpenDatabase;
  let toolCallId: string;

  beforeAll(async () => {
    database = await openTestDatabase(engine);
    const { db } = database;
    toolCallId = (await someToolCall(db, { user: await someUser(db) })).id;
    const place = { toolCallId, channelId: '1' };
    await createCard(db, { ...place, discordMessageId: 'waiting' });
    await followCard(db, { ...place, discordMessageId: 'followed', watchState: {}, inMs: 60_000 });
    await db.execute(sql`alter table "Card" drop column "shows"`);
    const migration = readMigrationFiles({ migrationsFolder })[8];
    for (const statement of migration?.sql ?? []) await db.execute(sql.raw(statement));
  });
  afterAll(() => database.close());

  it('show the end where they were followed, and the call where they were not', async () => {
    const cards = await getCardsByToolCallId(database.db, { toolCallId });
    expect(Object.fromEntries(cards.map(({ discordMessageId, shows }) => [discordMessageId, shows]))).toEqual({
      waiting: 'call',
      followed: 'end',
    });
  });

  it('stand in a table as the schema has it', async () => {
    expect(await findDrift(database.db)).toEqual([]);
  });
});
