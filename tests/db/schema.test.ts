import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OpenDatabase } from '../../src/db/connection.ts';
import { describeDatabaseError } from '../../src/db/describe-database-error.ts';
import { findDrift } from '../../src/db/find-drift.ts';
import { listMigrations } from '../../src/db/migrations.ts';
import { getUserById } from '../../src/db/queries/users.ts';
import { rowSchemas } from '../../src/db/schema/row-schemas.ts';
import { engines, openTestDatabase } from '../database.ts';
import { someChat, someDiscordId, someMessage, someToolCall, someUser } from './rows.ts';

describe.each(engines)('the schema on %s', (engine) => {
  let database: OpenDatabase;
  beforeAll(async () => {
    database = await openTestDatabase(engine);
  });
  afterAll(() => database.close());

  /** Runs statements and gives what is found then; nothing of it stays. */
  async function lookingAfter<Found>(
    statements: string,
    find: (db: OpenDatabase['db']) => Promise<Found>,
  ): Promise<Found> {
    const undo = new Error('undo');
    let found: Found | undefined;
    await database.db
      .transaction(async (transaction) => {
        for (const statement of statements.split(';')) await transaction.execute(sql.raw(statement));
        found = await find(transaction);
        throw undo;
      })
      .catch((error: unknown) => {
        if (error !== undo) throw error;
      });
    if (found === undefined) throw new Error('nothing was looked for');
    return found;
  }

  it('is what the migrations make', async () => {
    expect(await findDrift(database.db)).toEqual([]);
  });

  it.each([
    ['alter table "User" drop column locale', 'missing: column User.locale text null default none'],
    ['alter table "User" add column extra text', 'not in the schema: column User.extra text null default none'],
    [
      'alter table "User" rename column "avatarUrl" to "avatarurl"',
      'missing: column User.avatarUrl text null default none',
    ],
    ['alter table "Chat" alter title drop default', "missing: column Chat.title text not null default 'New chat'"],
    ['alter table "Chat" alter title drop not null', "missing: column Chat.title text not null default 'New chat'"],
    [
      'alter table "Chat" alter "channelId" type varchar(20)',
      'missing: column Chat.channelId text not null default none',
    ],
    ['drop index "Message_v2_chatId_position_index"', expect.stringMatching(/^missing: index Message_v2_chatId/)],
    [
      'drop index "Chat_current_unique"; create unique index "Chat_current_unique" on "Chat" ("userId", "channelId")',
      'not in the schema: unique index Chat_current_unique on Chat: userId,channelId where always',
    ],
    ['alter table "User" drop constraint "User_discordId_unique"', 'missing: unique on User: discordId'],
    [
      'alter table "ToolCall" drop constraint "ToolCall_status_check"',
      expect.stringMatching(/^missing: check on ToolCall: ToolCall_status_check status in 'queued','running'/),
    ],
    [
      'alter table "Card" drop constraint "Card_toolCallId_ToolCall_id_fk"; alter table "Card" add foreign key ("toolCallId") references "ToolCall" (id)',
      'not in the schema: foreign key on Card: toolCallId to ToolCall id on delete no action',
    ],
    [
      'alter table "Message_v2" alter position drop identity',
      'missing: column Message_v2.position bigint not null default identity',
    ],
    ['drop table "Vote_v2"', 'missing: primary key on Vote_v2: chatId,messageId,userId'],
    ['create table "Other" (id int)', 'not in the schema: column Other.id integer null default none'],
  ])('tells a drift: %s', async (statements, line) => {
    expect(await lookingAfter(statements, findDrift)).toContainEqual(line);
  });

  it('knows the state of each migration', async () => {
    const states = async (statements: string) =>
      (await lookingAfter(statements, listMigrations)).map(({ state }) => state);
    expect(new Set((await listMigrations(database.db)).map(({ state }) => state))).toEqual(new Set(['applied']));
    const table = 'drizzle.__drizzle_migrations';
    expect(await states(`delete from ${table}`)).toEqual(expect.not.arrayContaining(['applied']));
    expect(await states(`drop table ${table}`)).toEqual(expect.not.arrayContaining(['applied']));
    expect((await states(`update ${table} set hash = 'other' where id = 1`))[0]).toBe('edited');
    expect((await states(`delete from ${table} where id = 1`))[0]).toBe('skipped');
    expect((await states(`insert into ${table} (hash, created_at) values ('newer', 9999999999999)`)).at(-1)).toBe(
      'unknown',
    );
  });

  it.each([
    ['User', 'role', 'owner'],
    ['Chat', 'visibility', 'secret'],
    ['Message_v2', 'role', 'robot'],
    ['ToolCall', 'status', 'unsure'],
    ['ToolCall', 'effect', 'explode'],
    ['ToolCall', 'origin', 'thought'],
    ['ToolCall', 'endedBy', 'magic'],
    ['ToolCall', 'confirmedBy', 'guess'],
  ])('refuses %s.%s = %s', async (table, column, value) => {
    const user = await someUser(database.db);
    await someMessage(database.db, { chat: await someChat(database.db, { user }) });
    await someToolCall(database.db, { user });
    const refused = await database.db
      .execute(sql`update ${sql.identifier(table)} set ${sql.identifier(column)} = ${value}`)
      .catch((error: unknown) => error);
    const described = describeDatabaseError(refused);
    expect(described).toMatchObject({ code: '23514' });
    expect(JSON.stringify(described)).toContain(`${table}_${column}_check`);
  });

  it('can be described when it fails, without the query’s values', async () => {
    const canary = 'canary-value';
    const wrong = [
      sql`select ${canary}::uuid`,
      sql`select * from nowhere where name = ${canary}`,
      sql`insert into "User" ("discordId") values (${canary}), (${canary})`,
      sql`insert into "Chat" ("userId", "channelId") values (${randomUUID()}, ${canary})`,
    ];
    for (const query of wrong) {
      const error = await database.db.execute(query).catch((cause: unknown) => cause);
      expect(error).toBeInstanceOf(Error);
      const described = describeDatabaseError(error);
      expect(described).toMatchObject({ code: expect.stringMatching(/^[0-9A-Z]{5}$/) });
      expect(JSON.stringify(described)).not.toContain('canary');
    }
  });

  it('follows relations both ways', async () => {
    const user = await someUser(database.db);
    const chat = await someChat(database.db, { user });
    const message = await someMessage(database.db, { chat });
    const call = await someToolCall(database.db, { user, chatId: chat.id, messageId: message.id });
    const found = await database.db.query.user.findFirst({
      where: (row, { eq }) => eq(row.id, user.id),
      with: { chats: { with: { messages: { with: { toolCalls: { with: { owner: true } } } } } }, ownedToolCalls: true },
    });
    expect(found).toMatchObject({
      ownedToolCalls: [{ id: call.id }],
      chats: [{ id: chat.id, messages: [{ id: message.id, toolCalls: [{ id: call.id, owner: { id: user.id } }] }] }],
    });
  });

  it('has zod schemas that take its rows', async () => {
    const user = await someUser(database.db);
    const chat = await someChat(database.db, { user });
    const message = await someMessage(database.db, { chat });
    const call = await someToolCall(database.db, { user, chatId: chat.id, messageId: message.id });
    expect(rowSchemas.user.select.parse(await getUserById(database.db, { id: user.id }))).toEqual(user);
    expect(rowSchemas.chat.select.parse(chat)).toEqual(chat);
    expect(rowSchemas.message.select.parse(message)).toEqual(message);
    expect(rowSchemas.toolCall.select.parse(call)).toEqual(call);
  });
});

describe('the zod schemas', () => {
  const { user, message, serviceConfig, toolCall } = rowSchemas;
  const userId = randomUUID();

  it('want what a table has no default for, and let the rest out', () => {
    expect(user.insert.parse({ discordId: '123456789012345678' })).toEqual({ discordId: '123456789012345678' });
    expect(user.insert.safeParse({}).success).toBe(false);
    expect(user.update.parse({})).toEqual({});
    expect(
      toolCall.insert.safeParse({ userId, ownerId: userId, toolName: 'a', input: {}, status: 'queued' }).success,
    ).toBe(false);
  });

  it.each([
    ['a closed set', () => user.insert.safeParse({ discordId: someDiscordId(), role: 'owner' })],
    ['a Discord id', () => user.insert.safeParse({ discordId: 'ada' })],
    ['preferences', () => user.update.safeParse({ preferences: 'text' })],
    ['parts', () => message.insert.safeParse({ chatId: userId, role: 'user', parts: [{ text: 'no type' }] })],
    ['a uuid', () => message.insert.safeParse({ chatId: '1', role: 'user', parts: [] })],
    ['an address', () => serviceConfig.update.safeParse({ baseUrl: 'file:///etc/passwd' })],
    ['a length', () => serviceConfig.update.safeParse({ serviceName: 'x'.repeat(51) })],
  ])('refuse what is no %s', (_, parse) => {
    expect(parse().success).toBe(false);
  });
});
