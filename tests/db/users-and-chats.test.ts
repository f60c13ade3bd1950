import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OpenDatabase } from '../../src/db/connection.ts';
import { getAuditLogsByUserId } from '../../src/db/queries/audit-logs.ts';
import { createCard, getCardsByToolCallId, setEndShown, showsEnd } from '../../src/db/queries/cards.ts';
import { getChatAndOwner, getOrCreateCurrentChat } from '../../src/db/queries/chats.ts';
import { saveDocument } from '../../src/db/queries/documents.ts';
import { createServiceConfig } from '../../src/db/queries/service-configs.ts';
import { claimFreeTurn } from '../../src/db/queries/streams.ts';
import { createSuggestion } from '../../src/db/queries/suggestions.ts';
import {
  deleteUser,
  getUserByDiscordId,
  getUserById,
  leaveInteractionToken,
  mergeUserPreferences,
  takeInteractionTokens,
  upsertUser,
} from '../../src/db/queries/users.ts';
import { saveVote } from '../../src/db/queries/votes.ts';
import * as schema from '../../src/db/schema.ts';
import { engines, openTestDatabase } from '../database.ts';
import { someChat, someDiscordId, someMessage, someToolCall, someUser } from './rows.ts';
import { sealedFor } from './sealed.ts';

describe.each(engines)('users and chats on %s', (engine) => {
  let database: OpenDatabase;
  beforeAll(async () => {
    database = await openTestDatabase(engine);
  });
  afterAll(() => database.close());

  it('makes a user once and keeps what is not given', async () => {
    const discordId = someDiscordId();
    const both = await Promise.all(
      Array.from({ length: 5 }, () => upsertUser(database.db, { discordId, username: 'ada', displayName: 'Ada' })),
    );
    expect(new Set(both.map(({ id }) => id)).size).toBe(1);
    const again = await upsertUser(database.db, {
      discordId,
      username: 'ada2',
      avatarUrl: 'https://cdn.example/a.png',
    });
    expect(again).toMatchObject({ username: 'ada2', displayName: 'Ada', avatarUrl: 'https://cdn.example/a.png' });
    expect(again).toMatchObject({ role: 'user', preferences: {}, id: both[0]?.id });
    expect(await getUserByDiscordId(database.db, { discordId })).toEqual(again);
    expect(await getUserById(database.db, { id: again.id })).toEqual(again);
    expect(await getUserByDiscordId(database.db, { discordId: someDiscordId() })).toBeNull();
    expect(await getUserById(database.db, { id: randomUUID() })).toBeNull();
  });

  it('merges preferences, also when two change at once', async () => {
    const { id: userId } = await someUser(database.db);
    await mergeUserPreferences(database.db, { userId, preferences: { tone: 'short', radarr: { profile: 1 } } });
    await Promise.all(
      ['a', 'b', 'c'].map((key) =>
        mergeUserPreferences(database.db, { userId, preferences: { [key]: `${key}\u0000'` } }),
      ),
    );
    const { preferences } = await mergeUserPreferences(database.db, { userId, preferences: { tone: null } });
    expect(preferences).toEqual({ tone: null, radarr: { profile: 1 }, a: "a'", b: "b'", c: "c'" });
    await expect(mergeUserPreferences(database.db, { userId: randomUUID(), preferences: {} })).rejects.toMatchObject({
      code: 'bad_request:database',
      message: 'Failed to save preferences',
    });
  });

  it('has one current chat a user and channel, also when many ask at once', async () => {
    const [ada, bob] = [await someUser(database.db), await someUser(database.db)];
    const channelId = someDiscordId();
    const ask = (userId: string) => getOrCreateCurrentChat(database.db, { userId, channelId, guildId: null });
    const chats = await Promise.all(Array.from({ length: 8 }, () => ask(ada.id)));
    expect(new Set(chats.map(({ id }) => id)).size).toBe(1);
    expect((await ask(bob.id)).id).not.toBe(chats[0]?.id);
    expect(chats[0]).toMatchObject({ title: 'New chat', visibility: 'private', isCurrent: true, deletedAt: null });
  });

  it('begins a new chat after the current one was deleted or left', async () => {
    const user = await someUser(database.db);
    const first = await someChat(database.db, { user });
    const ask = () =>
      getOrCreateCurrentChat(database.db, { userId: user.id, channelId: first.channelId, guildId: null });
    await database.db.update(schema.chat).set({ deletedAt: new Date() }).where(eq(schema.chat.id, first.id));
    const second = await ask();
    expect(second.id).not.toBe(first.id);
    await database.db.update(schema.chat).set({ isCurrent: false }).where(eq(schema.chat.id, second.id));
    expect((await ask()).id).not.toBe(second.id);
  });

  it('says whose a chat is', async () => {
    const ada = await someUser(database.db);
    const chat = await someChat(database.db, { user: ada });
    expect(await getChatAndOwner(database.db, { chatId: chat.id })).toEqual({ chat, user: ada });
    expect(await getChatAndOwner(database.db, { chatId: randomUUID() })).toBeNull();
  });

  it('remembers the messages that show a call, each once', async () => {
    const user = await someUser(database.db);
    const { id: toolCallId } = await someToolCall(database.db, { user });
    const place = { toolCallId, channelId: '1', discordMessageId: '2' };
    await createCard(database.db, { ...place, interactionToken: 'first' });
    await createCard(database.db, { ...place, interactionToken: 'second', tokenExpiresAt: new Date(0) });
    await createCard(database.db, { ...place, discordMessageId: '3' });
    const cards = await getCardsByToolCallId(database.db, { toolCallId });
    expect(cards).toHaveLength(2);
    expect(cards).toContainEqual(expect.objectContaining({ interactionToken: 'second', tokenExpiresAt: new Date(0) }));
  });

  it('knows of the message that shows how a call ended, and keeps no token for it; a late press does not change that', async () => {
    const user = await someUser(database.db);
    const { id: toolCallId } = await someToolCall(database.db, { user });
    const place = { toolCallId, channelId: '1', discordMessageId: '2' };
    expect(await showsEnd(database.db, place)).toBe(false);
    await createCard(database.db, { ...place, interactionToken: 'first', tokenExpiresAt: new Date(0) });
    expect(await showsEnd(database.db, place)).toBe(false);
    await setEndShown(database.db, place);
    expect(await getCardsByToolCallId(database.db, { toolCallId })).toEqual([
      expect.objectContaining({ shows: 'end', interactionToken: null, tokenExpiresAt: null, nextPollAt: null }),
    ]);
    await createCard(database.db, { ...place, interactionToken: 'second' });
    expect(await showsEnd(database.db, place)).toBe(true);
    expect(await showsEnd(database.db, { toolCallId, discordMessageId: '3' })).toBe(false);
  });

  it('knows who answers a command that several processes have remembered', async () => {
    const profile = () => ({ discordId: randomUUID(), tokenExpiresAt: new Date(Date.now() + 60_000) });
    const remember = (one: ReturnType<typeof profile>, ...processIds: string[]) =>
      Promise.all(
        processIds.map((tokenProcessId) =>
          upsertUser(database.db, { ...one, interactionToken: `by ${tokenProcessId}`, tokenProcessId }),
        ),
      );
    const taken = async (...of: string[]) =>
      (await takeInteractionTokens(database.db, { of })).map(({ discordId }) => discordId);

    const [left, both, twice, early, next] = [profile(), profile(), profile(), profile(), profile()];
    await remember(left, 'a', 'b');
    await leaveInteractionToken(database.db, { ...left, processId: 'b' });
    await remember(both, 'c', 'd');
    await remember(twice, 'e', 'e');
    await leaveInteractionToken(database.db, { ...twice, processId: 'e' });
    await remember(early, 'f');
    await leaveInteractionToken(database.db, { ...early, processId: 'nobody' });
    await remember(next, 'g');
    await remember({ ...next, tokenExpiresAt: new Date(Date.now() + 90_000) }, 'h');
    await leaveInteractionToken(database.db, { ...next, processId: 'h' });

    expect(await taken('b', 'g', 'nobody')).toEqual([]);
    expect(await taken('a')).toEqual([left.discordId]);
    expect(await taken('a')).toEqual([]);
    expect(await taken('c')).toEqual([]);
    expect(await taken('d')).toEqual([both.discordId]);
    expect(await taken('e')).toEqual([twice.discordId]);
    // All who have remembered it left it to one that died before it could.
    await leaveInteractionToken(database.db, { ...early, processId: 'f' });
    expect(await taken('any other')).toEqual([early.discordId]);
    expect(await taken('h')).toEqual([next.discordId]);
  });

  it('removes all that is a user’s with them, but for the audit log, and nothing of others', async () => {
    const [ada, bob] = [await someUser(database.db), await someUser(database.db)];
    const records: string[] = [];
    for (const user of [ada, bob]) {
      const chat = await someChat(database.db, { user });
      const message = await someMessage(database.db, { chat });
      const call = await someToolCall(database.db, { user, chatId: chat.id, messageId: message.id });
      await createCard(database.db, { toolCallId: call.id, channelId: '1', discordMessageId: '2' });
      await claimFreeTurn(database.db, { chatId: chat.id, owner: 'me', leaseMs: 1000, messageId: message.id });
      await saveVote(database.db, { chatId: chat.id, messageId: message.id, userId: user.id, isUpvoted: true });
      const document = await saveDocument(database.db, { userId: user.id, title: 'list', content: '' });
      if (document === null) throw new Error('no document');
      const version = { documentId: document.id, documentCreatedAt: document.createdAt };
      await createSuggestion(database.db, { ...version, userId: user.id, originalText: 'a', suggestedText: 'b' });
      const config = { userId: user.id, serviceName: 'radarr', baseUrl: 'http://127.0.0.1' };
      records.push((await createServiceConfig(database.db, { ...config, apiKey: sealedFor(config) })).id);
    }
    // Bob acts on Ada's servers: what he did there is hers as well.
    await someToolCall(database.db, { user: bob, ownerId: ada.id });
    expect(await deleteUser(database.db, { userId: ada.id })).toBe(true);
    expect(await deleteUser(database.db, { userId: ada.id })).toBe(false);
    const { user, chat, message, toolCall, card, stream, vote, document, suggestion, serviceConfig } = schema;
    for (const table of [user, toolCall, chat, message, card, stream, vote, document, suggestion, serviceConfig]) {
      const left = 'userId' in table ? table.userId : null;
      const rows = await database.db.select().from(table);
      if (left !== null) expect(rows.filter((row) => 'userId' in row && row.userId === ada.id)).toEqual([]);
      expect(rows.length).toBeGreaterThan(0);
    }
    expect(await database.db.select().from(toolCall).where(eq(toolCall.ownerId, ada.id))).toEqual([]);
    const logged = new Map(
      (await database.db.select().from(schema.auditLog)).map(({ recordId, userId }) => [recordId, userId]),
    );
    expect(records.map((recordId) => logged.get(recordId))).toEqual([null, bob.id]);
    expect(await getAuditLogsByUserId(database.db, { userId: bob.id, limit: 10 })).toHaveLength(1);
  });
});
