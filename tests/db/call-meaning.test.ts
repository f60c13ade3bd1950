import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OpenDatabase } from '../../src/db/connection.ts';
import { findDrift } from '../../src/db/find-drift.ts';
import { migrationsFolder } from '../../src/db/migrations.ts';
import { getToolCall } from '../../src/db/queries/tool-calls.ts';
import type { User } from '../../src/db/schema.ts';
import { engines, openTestDatabase } from '../database.ts';
import { someUser } from './rows.ts';

type OldRow = { status: string; effect?: string; error?: string; output?: unknown; dedupeKey?: string };

const messageId = randomUUID();
const found = (after: string) => ({ result: `found_there_after_${after}` });

/** What stood in a row before, and what the migration makes of it. */
const cases: [what: string, before: OldRow, after: object][] = [
  ['a waiting call', { status: 'queued' }, { endedBy: null, confirmedBy: null }],
  ['a running call', { status: 'running' }, { endedBy: null, confirmedBy: null, stopAskedAt: null }],
  [
    'a running call that is to stop',
    { status: 'running', error: 'stop' },
    { endedBy: null, error: null, stopAskedAt: expect.any(Date) },
  ],
  ['an expired call', { status: 'canceled', error: 'expired' }, { endedBy: 'expiry', error: null, confirmedBy: null }],
  ['a canceled call', { status: 'canceled' }, { endedBy: 'cancel', error: null }],
  [
    'a look-up',
    { status: 'succeeded', effect: 'read', output: { results: [] } },
    { endedBy: 'run', confirmedBy: 'answer', output: { results: [] } },
  ],
  [
    'a look-up that gave no object',
    { status: 'succeeded', effect: 'read', output: ['one'] },
    { endedBy: 'run', confirmedBy: 'answer', output: ['one'] },
  ],
  [
    'a pressed call',
    { status: 'succeeded', output: { result: 'requested' } },
    { endedBy: 'press', confirmedBy: 'answer', output: { result: 'requested' } },
  ],
  [
    'one whose process died',
    { status: 'succeeded', output: found('restart') },
    { endedBy: 'recovery', confirmedBy: 'asked_afterwards', output: null },
  ],
  [
    'one whose answer was lost',
    { status: 'succeeded', output: found('no_answer') },
    { endedBy: 'press', confirmedBy: 'asked_afterwards', output: null },
  ],
  [
    'one that was stopped too late',
    { status: 'succeeded', output: found('stop') },
    { endedBy: 'stop', confirmedBy: 'asked_afterwards', output: null },
  ],
  [
    'one that was stopped',
    { status: 'timeout', error: 'Stopped. It may have been sent all the same: look there before you try again.' },
    { endedBy: 'stop', confirmedBy: null, error: expect.stringContaining('Stopped.') },
  ],
  [
    'one that a dead process left',
    { status: 'failed', error: 'The bot was stopped before this was done. It did not reach the server: try again.' },
    { endedBy: 'recovery', error: expect.stringContaining('did not reach') },
  ],
  [
    'one that failed',
    { status: 'failed', error: 'Radarr did not answer.' },
    { endedBy: 'press', confirmedBy: null, error: 'Radarr did not answer.' },
  ],
  ['a call of the model', { status: 'queued', dedupeKey: `${messageId}:call_1` }, { origin: 'model' }],
  ['a command', { status: 'queued', dedupeKey: '100000000000000003' }, { origin: 'command' }],
  ['a look-up of a command', { status: 'queued', dedupeKey: 'search:100000000000000003' }, { origin: 'command' }],
  ['a card opened again', { status: 'queued', dedupeKey: `again:${messageId}` }, { origin: 'command' }],
  ['a call without a key', { status: 'queued' }, { origin: 'command' }],
];

describe.each(engines)('rows from before the columns of meaning, on %s', (engine) => {
  let database: OpenDatabase;
  let user: User;
  const ids: string[] = [];

  beforeAll(async () => {
    database = await openTestDatabase(engine);
    const { db } = database;
    user = await someUser(db);
    for (const column of ['origin', 'stopAskedAt', 'endedBy', 'confirmedBy'])
      await db.execute(sql`alter table "ToolCall" drop column ${sql.identifier(column)}`);
    for (const [, { status, effect = 'write', error = null, output, dedupeKey = null }] of cases) {
      const id = randomUUID();
      ids.push(id);
      const json = output === undefined ? null : JSON.stringify(output);
      await db.execute(sql`
        insert into "ToolCall" (id, "userId", "ownerId", "toolName", input, status, effect, error, output, "dedupeKey")
        values (${id}, ${user.id}, ${user.id}, 'request_movie', '{}', ${status}, ${effect}, ${error}, (${json}::text)::jsonb, ${dedupeKey})`);
    }
    const migration = readMigrationFiles({ migrationsFolder })[7];
    for (const statement of migration?.sql ?? []) await db.execute(sql.raw(statement));
  });
  afterAll(() => database.close());

  it.each(
    cases.map(([what, , after], index) => [what, index, after] as const),
  )('are filled: %s', async (_, index, after) => {
    expect(await getToolCall(database.db, { id: ids[index] ?? '' })).toMatchObject(after);
  });

  it('stand in tables as the schema has them', async () => {
    expect(await findDrift(database.db)).toEqual([]);
  });
});
