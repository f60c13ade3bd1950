import { randomBytes } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OpenDatabase } from '../../src/db/connection.ts';
import { arrive } from '../../src/db/queries/arrivals.ts';
import { getOrCreateCurrentChat } from '../../src/db/queries/chats.ts';
import { createServiceConfig } from '../../src/db/queries/service-configs.ts';
import { getUserByDiscordId } from '../../src/db/queries/users.ts';
import { user as userTable } from '../../src/db/schema.ts';
import { ChatSDKError } from '../../src/errors.ts';
import { engines, openTestDatabase } from '../database.ts';
import { sealedFor } from './sealed.ts';

describe.each(engines)('what an event begins with, on %s', (engine) => {
  let database: OpenDatabase;
  beforeAll(async () => {
    database = await openTestDatabase(engine);
  });
  afterAll(() => database.close());

  const newProfile = () => ({ discordId: randomBytes(6).readUIntBE(0, 6).toString(), username: 'ada', locale: 'de' });
  const place = { channelId: 'channel' };

  it('is a new person, without anything', async () => {
    const profile = newProfile();
    const arrival = await arrive(database.db, profile, place);
    expect(arrival).toEqual({ user: expect.objectContaining(profile), configs: [], chat: null });
    expect(await getUserByDiscordId(database.db, profile)).toEqual(arrival.user);
  });

  it('is the person’s own servers, oldest first, and the conversation of that channel, and no other’s', async () => {
    const [profile, other] = [newProfile(), newProfile()];
    const people = [];
    for (const each of [profile, other]) {
      const { user } = await arrive(database.db, each, place);
      const configs = [];
      for (const serviceName of ['sonarr', 'radarr']) {
        const server = { userId: user.id, serviceName, baseUrl: 'http://127.0.0.1:1' };
        configs.push(await createServiceConfig(database.db, { ...server, apiKey: sealedFor(server) }));
      }
      const chat = await getOrCreateCurrentChat(database.db, { userId: user.id, ...place, guildId: null });
      await getOrCreateCurrentChat(database.db, { userId: user.id, channelId: 'elsewhere', guildId: null });
      people.push({ configs, chat });
    }
    const [own] = people;
    // The row that is read, and the one that is written on the way.
    for (const given of [
      profile,
      { ...profile, interactionToken: 'sealed', tokenExpiresAt: new Date(2_000_000_000_000) },
    ]) {
      const arrival = await arrive(database.db, given, place);
      expect(arrival).toEqual({ user: expect.objectContaining(given), ...own });
    }
    expect((await arrive(database.db, profile, { channelId: 'nowhere' })).chat).toBeNull();
  });

  it('writes what is new, and keeps what is not given', async () => {
    const profile = newProfile();
    await arrive(database.db, { ...profile, interactionToken: 'sealed', tokenExpiresAt: new Date(5) }, place);
    const { discordId } = profile;
    const { user } = await arrive(database.db, { discordId, username: 'countess' }, place);
    expect(user).toMatchObject({ username: 'countess', locale: 'de', interactionToken: 'sealed' });
    expect(await getUserByDiscordId(database.db, { discordId })).toEqual(user);
  });

  it('writes nothing for a person who was seen just now, and the time again after a minute', async () => {
    const profile = newProfile();
    const first = await arrive(database.db, profile, place);
    expect(await arrive(database.db, profile, place)).toEqual(first);
    const minuteAgo = new Date(Date.now() - 61_000);
    await database.db
      .update(userTable)
      .set({ lastSeenAt: minuteAgo })
      .where(eq(userTable.discordId, profile.discordId));
    const again = await arrive(database.db, profile, place);
    expect(again.user.lastSeenAt.getTime()).toBeGreaterThan(minuteAgo.getTime() + 30_000);
  });

  it('makes one row, however many first events come at once', async () => {
    const profile = newProfile();
    const arrivals = await Promise.all(Array.from({ length: 8 }, () => arrive(database.db, profile, place)));
    expect(new Set(arrivals.map(({ user }) => user.id)).size).toBe(1);
  });

  it('fails with words of its own', async () => {
    const broken = { ...newProfile(), discordId: 'nul\u0000' };
    await expect(arrive(database.db, broken, place)).rejects.toThrow(ChatSDKError);
  });
});
