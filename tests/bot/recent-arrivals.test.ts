import { expect, it } from 'vitest';
import { RecentArrivals } from '../../src/bot/recent-arrivals.ts';
import type { Arrival } from '../../src/db/queries/arrivals.ts';

/** A database that counts how often it was read, and fails when it is told to. */
function counted() {
  const database = { reads: 0, fails: false };
  const read = async (): Promise<Arrival> => {
    database.reads++;
    if (database.fails) throw new Error('away');
    const moment = new Date(0);
    const text = { username: null, displayName: null, avatarUrl: null, locale: null, timezone: null };
    const token = { interactionToken: null, tokenExpiresAt: null, tokenProcessId: null };
    const times = { lastSeenAt: moment, createdAt: moment, updatedAt: moment };
    const user = { id: 'id', discordId: '1', role: 'user' as const, preferences: {}, ...text, ...token, ...times };
    return { user, configs: [], chat: null };
  };
  return { database, read };
}

it('reads once for the keys of a while, pressed at once or after each other', async () => {
  const { database, read } = counted();
  const recent = new RecentArrivals();
  await Promise.all([recent.of('a', read), recent.of('a', read)]);
  await recent.of('a', read);
  expect(database.reads).toBe(1);
  await recent.of('b', read);
  expect(database.reads).toBe(2);
});

it('reads anew when the while is over, and for a person who was forgotten', async () => {
  const { database, read } = counted();
  const over = new RecentArrivals({ keptMs: 0 });
  await over.of('a', read);
  await over.of('a', read);
  expect(database.reads).toBe(2);
  const recent = new RecentArrivals();
  await recent.of('a', read);
  recent.forget('a');
  await recent.of('a', read);
  expect(database.reads).toBe(4);
});

it('keeps so many people, and lets go of who was read first', async () => {
  const { database, read } = counted();
  const recent = new RecentArrivals({ people: 2 });
  for (const person of ['a', 'b', 'c', 'b', 'a']) await recent.of(person, read);
  expect(database.reads).toBe(4);
});

it('keeps no failure', async () => {
  const { database, read } = counted();
  const recent = new RecentArrivals();
  database.fails = true;
  await expect(recent.of('a', read)).rejects.toThrow('away');
  database.fails = false;
  await recent.of('a', read);
  expect(database.reads).toBe(2);
});
