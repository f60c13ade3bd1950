import { Agent, setGlobalDispatcher } from 'undici';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { flatten } from '../../playground/discord/flatten.ts';
import type { Person } from '../../playground/discord/person.ts';
import type { Message } from '../../playground/discord/state.ts';
import { objects } from '../../playground/json.ts';
import { startTestBot, type TestBot } from '../bot.ts';

/** Where the HTTP clients of one process, whatever their version, keep the one that all use (undici/lib/global.js). */
const legacyDispatcher = Symbol.for('undici.globalDispatcher.1');
const thumbnail = 11;
const mediaGallery = 12;

let test: TestBot;
let ada: Person;
beforeAll(async () => {
  test = await startTestBot({ environment: { ALLOWED_USERS: '*', SERVICE_ADDRESSES: 'private-allowed' } });
  ada = test.discord.person('Ada');
  await test.setup.all(ada, 'radarr', 'sonarr', 'jellyseerr', 'qbittorrent');
  // Who she is there, she says later.
  await test.setup.configure(ada, 'jellyfin', test.setup.typed('jellyfin'));
});
afterAll(() => test.stop());
beforeEach(() => {
  const { servers } = test;
  for (const server of [servers.radarr, servers.sonarr, servers.jellyfin, servers.jellyseerr, servers.qbittorrent]) {
    server.faults.clear();
    server.journal.length = 0;
  }
});

const read = (message: Message) =>
  test.discord.render(test.discord.state.messages.get(message.id) ?? message).replaceAll('\\', '');
const films = () => test.discord.channel('films');
const said = async (person: Person, name: string, options: Record<string, string> = {}) =>
  read(await person.slash(films(), name, options).reply());

describe('/library', () => {
  it('finds what is in Jellyfin, for the person alone', async () => {
    const reply = await ada.slash(films(), 'library search', { query: 'matrix' }).reply();
    expect(reply.ephemeralFor).toBe(ada.id);
    expect(read(reply)).toMatch(/\*\*The Matrix \(1999\)\*\*[ │\n]+film · Jellyfin/);
    expect(read(reply)).not.toContain('Inception');
  });

  it('offers titles while they are typed, with one call a term', async () => {
    const type = () => ada.autocomplete(films(), 'library search', { query: 'incep' }, 'query');
    await Promise.all([type(), type()]);
    expect(await type()).toEqual([{ name: 'Inception (2010)', value: 'Inception' }]);
    expect(test.servers.jellyfin.journal.filter(({ path }) => path.startsWith('/Items?'))).toHaveLength(1);
  });

  it('does not keep the failure of a server for a title that is not there', async () => {
    const type = () => ada.autocomplete(films(), 'library search', { query: 'alie' }, 'query');
    test.servers.jellyfin.faults.next({ kind: 'status', status: 500 });
    test.servers.radarr.faults.next({ kind: 'status', status: 500 });
    expect(await type()).toEqual([]);
    expect(await type()).toEqual([{ name: 'Alien (1979)', value: 'Alien' }]);
  });

  it('sends the posters of Jellyfin as files, and neither its address nor its key', async () => {
    const reply = await ada.slash(films(), 'library search', { query: 'matrix' }).reply();
    const { attachments, components } = test.discord.state.messages.get(reply.id) ?? reply;
    expect(attachments).toMatchObject([{ filename: 'poster-0.png', content_type: 'image/png' }]);
    const sent = JSON.stringify([attachments, components]);
    const { port } = new URL(test.servers.jellyfin.url);
    for (const hidden of [test.servers.jellyfin.apiKey, `:${port}`]) expect(sent).not.toContain(hidden);
  });

  it('sends posters too when the services’ HTTP client is the one of the whole process', async () => {
    const usual = Object.getOwnPropertyDescriptor(globalThis, legacyDispatcher);
    setGlobalDispatcher(new Agent());
    try {
      const { id } = await ada.slash(films(), 'library search', { query: 'matrix' }).reply();
      const [attachment] = test.discord.state.messages.get(id)?.attachments ?? [];
      expect(attachment).toMatchObject({ filename: 'poster-0.png', content_type: 'image/png' });
    } finally {
      if (usual !== undefined) Object.defineProperty(globalThis, legacyDispatcher, usual);
    }
  });

  it('shows what is new as one grid of pictures over the list, in its order', async () => {
    const reply = await ada.slash(films(), 'library recent').reply();
    const { attachments, components } = test.discord.state.messages.get(reply.id) ?? reply;
    const parts = flatten(components);
    expect(parts.filter(({ type }) => type === thumbnail)).toEqual([]);
    const galleries = parts.filter(({ type }) => type === mediaGallery);
    expect(galleries).toHaveLength(1);
    const items = objects(galleries[0]?.items);
    expect(items.map(({ description }) => description)).toEqual([
      'Breaking Bad (2008)',
      'Alien (1979)',
      'Inception (2010)',
      'Chernobyl (2019)',
      'The Matrix (1999)',
    ]);
    expect(attachments.map(({ filename }) => filename).toSorted()).toEqual(items.map((_, at) => `poster-${at}.png`));
    const listed = [...read(reply).matchAll(/- \*\*([^*]+)\*\* · (?:film|series)/g)].map(([, name]) => name);
    expect(listed).toEqual(items.map(({ description }) => description));
  });

  it('leaves a picture that fails out of the grid, and not its title out of the list', async () => {
    test.servers.jellyfin.faults.next({ kind: 'status', status: 404 }, { match: /Images/, times: 1 });
    const shown = await said(ada, 'library recent');
    expect(shown).toContain('[4 picture(s)]');
    expect(shown.match(/- \*\*[^*]+\*\* · (?:film|series)/g)).toHaveLength(5);
  });

  it.each([
    { kind: 'status', status: 404 },
    { kind: 'status', status: 500 },
    { kind: 'hang' },
    { kind: 'reset' },
    { kind: 'html' },
    { kind: 'huge' },
    { kind: 'redirect', to: 'http://192.0.2.7/' },
  ] as const)('shows the titles without pictures when those fail with $kind', async (fault) => {
    test.servers.jellyfin.faults.next(fault, { match: /Images/, times: 6 });
    const shown = await said(ada, 'library recent');
    expect(shown).toMatch(/- \*\*Breaking Bad \(2008\)\*\*[\s\S]*- \*\*Alien \(1979\)\*\*/);
    expect(shown).not.toContain('[poster]');
    expect(shown).not.toContain('picture(s)');
    expect(shown).not.toContain('⚠️');
  });

  it('looks in Radarr for what Jellyfin does not have yet', async () => {
    const shown = await said(ada, 'library search', { query: 'blade runner' });
    expect(shown).toMatch(/\*\*Blade Runner 2049 \(2017\)\*\*[ │\n]+film · wanted, not downloaded yet · Radarr/);
  });

  it('answers with Radarr and Sonarr when Jellyfin fails, and says that it did', async () => {
    test.servers.jellyfin.faults.next({ kind: 'status', status: 503 }, { times: 3 });
    const shown = await said(ada, 'library recent');
    expect(shown).toMatch(/Recently added to the library[\s\S]*Alien[\s\S]*Breaking Bad/);
    expect(shown.match(/⚠️ Jellyfin had an internal error/g)).toHaveLength(1);
  });

  it('shows what is imported as soon as it is', async () => {
    const { radarr } = test.servers;
    const before = structuredClone(radarr.state);
    const dora = test.discord.person('Dora');
    await test.setup.all(dora, 'radarr');
    radarr.tick(100);
    radarr.tick(100);
    expect(await said(dora, 'library recent')).toMatch(
      /Recently added to the library[ │\n]+\[\d picture\(s\)\][ │\n]+- \*\*Blade Runner 2049/,
    );
    Object.assign(radarr.state, before);
  });

  it('shows who is watching what, and how', async () => {
    const reply = await ada.slash(films(), 'library playing').reply();
    expect(reply.ephemeralFor).toBe(ada.id);
    expect(read(reply)).toMatch(/▶️ \*\*Grace:\*\* The Matrix \(1999\)[ │\n]+-# 25 % · Living room TV · transcoding/);
    expect(read(reply)).not.toContain('Ada');
    const { state } = test.servers.jellyfin;
    const sessions = state.sessions.splice(0);
    expect(await said(ada, 'library playing')).toContain('Nobody is watching anything in Jellyfin now.');
    const first = sessions[0];
    const name = `${'@everyone [x](https://evil.example) '.repeat(9)}*`;
    if (first !== undefined)
      state.sessions.push(...Array.from({ length: 60 }, () => ({ ...first, UserName: name, DeviceName: name })));
    const many = await ada.slash(films(), 'library playing').reply();
    expect(test.discord.render(many)).not.toMatch(/(?<!\\)\[x\]/);
    expect(read(many)).toMatch(/and \d+ more/);
    state.sessions.splice(0, 60, ...sessions);
  });

  it('ends a long list at a line and says how many more there are', async () => {
    const { state } = test.servers.jellyfin;
    const [first] = state.items;
    const items = state.items.splice(0);
    if (first !== undefined)
      state.items.push(
        ...Array.from({ length: 20 }, (_, index) => ({ ...first, Name: `${'*long_ '.repeat(30)}${index}` })),
      );
    expect(await said(ada, 'library search', { query: 'long' })).toMatch(/-# and \d+ more/);
    state.items.splice(0, 20, ...items);
  });

  it('says what to do when nothing is there', async () => {
    expect(await said(ada, 'library search', { query: 'zzz' })).toContain(
      'Nothing in your library matches “zzz”. `/request`',
    );
  });

  it('shows what is new, and what can be watched on once the person said who they are', async () => {
    const before = await said(ada, 'library recent');
    expect(before).toMatch(/Recently added to Jellyfin[\s\S]*Breaking Bad[\s\S]*Alien[\s\S]*Inception/);
    expect(before).not.toContain('### Continue watching');
    expect(before).toContain('choose your Jellyfin user: `/services test service: Jellyfin`');
    const card = await ada.slash(ada.dm(), 'services test', { service: 'jellyfin' }).reply();
    await ada.press(card, 'Choose your Jellyfin user').acknowledged();
    const choice = await ada.waitFor(ada.dm(), (message) => read(message).includes('Jellyfin**: Which of its users'));
    await ada.select(choice, 'services:user:jellyfin', ['Ada']).acknowledged();
    await ada.waitFor(ada.dm(), (message) => read(message).includes('you are **Ada**'));
    const after = await said(ada, 'library recent');
    expect(after).toMatch(/Continue watching[\s\S]*Inception \(2010\)\*\* · film · 40 % watched, 89 min left/);
    expect(after).toMatch(/Breaking Bad, season 2, episode 1: Seven Thirty-Seven/);
    expect(await said(ada, 'library search', { query: 'matrix' })).toContain('film · watched · Jellyfin');
  });

  it('looks into Radarr and Sonarr where there is no Jellyfin, and says what it could not ask', async () => {
    const bob = test.discord.person('Bob');
    await test.setup.all(bob, 'radarr', 'sonarr');
    const found = await said(bob, 'library search', { query: 'a' });
    expect(found).toMatch(/Blade Runner 2049 \(2017\)\*\*[^*]*Radarr[\s\S]*Breaking Bad \(2008\)\*\*[^*]*Sonarr/);
    test.servers.sonarr.faults.next({ kind: 'status', status: 503 });
    const half = await said(bob, 'library search', { query: 'breaking' });
    expect(half).toContain('⚠️ Sonarr had an internal error (HTTP 503)');
    expect(half).not.toContain('Nothing in your library');
    expect(await said(bob, 'library recent')).toMatch(
      /Recently added to the library[\s\S]*Alien[\s\S]*Inception[\s\S]*Breaking Bad \(2008\)\*\*\s[\s\S]*series · 2 new episodes · Sonarr/,
    );
    test.servers.radarr.journal.length = 0;
    for (const query of ['al', 'ali', 'inc'])
      expect(await bob.autocomplete(films(), 'library search', { query }, 'query')).toHaveLength(1);
    expect(test.servers.radarr.journal).toHaveLength(1);
    expect(await said(bob, 'library playing')).toContain('Jellyfin is not set up for you');
  });

  it('shows titles that are meant to break the list as what they are', async () => {
    const first = test.servers.jellyfin.state.items[0];
    if (first !== undefined) first.Name = 'Matrix [free](https://evil.example) @everyone';
    const shown = test.discord.render(await ada.slash(films(), 'library search', { query: 'matrix' }).reply());
    expect(shown).not.toMatch(/(?<!\\)\[free/);
    if (first !== undefined) first.Name = 'The Matrix';
  });
});

describe('/status', () => {
  /** The answer once nobody is waited for: on a busy machine half of it may be shown first. */
  const whole = (reply: Message) => test.discord.until(() => (read(reply).includes('⏳') ? null : read(reply)));

  it('shows all servers side by side', async () => {
    const shown = await whole(await ada.slash(films(), 'status').reply());
    for (const words of [
      /✅ \*\*Radarr\*\* · 5 films, 1 in the queue\s+│ -# v5\.27\.5\.10198/,
      /✅ \*\*Sonarr\*\* · 2 series, 0 in the queue\s+│ -# v4\.0/,
      /✅ \*\*Jellyfin\*\* · 214 films, 31 series\s+│ -# v10\.11\.11/,
      /✅ \*\*Seerr\*\*/,
      /✅ \*\*qBittorrent\*\* · 4 torrents\s+│ -# v5\.1\.0/,
    ])
      expect(shown).toMatch(words);
  });

  it('reports one that hangs and one that refuses, and still shows the others', async () => {
    test.servers.jellyfin.faults.next({ kind: 'hang' }, { times: 5 });
    test.servers.sonarr.faults.next({ kind: 'status', status: 401 }, { times: 5 });
    const shown = await whole(await ada.slash(films(), 'status').reply());
    expect(shown).toContain('⚠️ **Jellyfin:** Jellyfin did not answer in time');
    expect(shown).toContain('⚠️ **Sonarr:** Sonarr does not accept the key');
    expect(shown).toMatch(/✅ \*\*Radarr\*\*/);
  });

  it('shows the answers of the others while it still waits for one', async () => {
    await test.restart({ SERVICE_TIMEOUT_MS: '8000' });
    test.servers.jellyfin.faults.next({ kind: 'delay', ms: 6000 }, { times: 1 });
    const reply = await ada.slash(films(), 'status').reply();
    expect(read(reply)).toMatch(/✅ \*\*Radarr\*\*[\s\S]*⏳ \*\*Jellyfin:\*\* no answer yet/);
    expect(await whole(reply)).toMatch(/✅ \*\*Jellyfin\*\* [^\n]*\s+│ -# v10\.11\.11 · slow: \d/);
  }, 40_000);

  it('says what to do without a server', async () => {
    const cleo = test.discord.person('Cleo');
    for (const name of ['status', 'library recent'])
      expect(await said(cleo, name)).toContain('`/services configure` adds one');
  });
});
