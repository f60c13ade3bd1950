import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Person } from '../../playground/discord/person.ts';
import type { Message } from '../../playground/discord/state.ts';
import { type PlaygroundModel, startModel } from '../../playground/model/start-model.ts';
import { firstSeerrState, requestStatus } from '../../playground/servers/jellyseerr-media.ts';
import { shows } from '../../playground/servers/shows.ts';
import { startTestBot, type TestBot } from '../bot.ts';

let model: PlaygroundModel;
let test: TestBot;
let ada: Person;
beforeAll(async () => {
  model = await startModel();
  const environment = { ALLOWED_USERS: '*', SERVICE_ADDRESSES: 'private-allowed', OPENAI_BASE_URL: model.url };
  test = await startTestBot({ environment });
  ada = test.discord.person('Ada');
  await test.setup.all(ada, 'jellyseerr', 'radarr', 'sonarr');
});
afterAll(async () => {
  await test.stop();
  await model.stop();
});
beforeEach(() => {
  const { jellyseerr, radarr } = test.servers;
  jellyseerr.faults.clear();
  jellyseerr.journal.length = 0;
  radarr.journal.length = 0;
  Object.assign(jellyseerr.state, firstSeerrState());
});

const films = () => test.discord.channel('films');
const read = (message: Message) =>
  test.discord.render(test.discord.state.messages.get(message.id) ?? message).replaceAll('\\', '');
const becomes = (message: Message, words: RegExp) => test.discord.until(() => words.test(read(message)));
const open = (command: string, title: string, person = ada) =>
  person.slash(person.dm(), `request ${command}`, { title }).reply();
function owner() {
  const [first] = test.servers.jellyseerr.state.users;
  if (first === undefined) throw new Error('the playground’s Seerr has an owner');
  return first;
}
const posts = () =>
  test.servers.jellyseerr.journal.filter(({ method, path }) => method === 'POST' && path === '/api/v1/request');
const outcome = (words: RegExp, person = ada) => person.waitFor(person.dm(), (message) => words.test(read(message)));

describe('a film by way of Seerr', () => {
  it('is found, carded without profile and folder, and requested once', async () => {
    const choices = await ada.autocomplete(films(), 'request movie', { title: 'gladia' }, 'title');
    expect(choices[0]).toEqual({ name: 'Gladiator (2000)', value: 'tmdb:98' });
    const card = await open('movie', 'tmdb:98');
    expect(read(card)).toMatch(/Gladiator \(2000\)[\s\S]*Goes to \*\*Seerr\*\*\.[\s\S]*4K: off[\s\S]*\[ Request \]/);
    expect(read(card)).not.toContain('Quality');
    const presses = [ada.press(card, 'Request'), ada.press(card, 'Request')];
    for (const press of presses) await press.acknowledged();
    await outcome(/Requested\. Seerr approved it and passes it on/);
    expect(posts().map(({ body }) => body)).toEqual([{ mediaType: 'movie', mediaId: 98, is4k: false }]);
    // Seerr passed it on: Radarr has it, and the bot asked Radarr for nothing.
    expect(test.servers.radarr.state.library.some(({ tmdbId }) => tmdbId === 98)).toBe(true);
    expect(test.servers.radarr.journal.filter(({ method }) => method !== 'GET')).toEqual([]);
  });

  it('goes there in 4K when that is switched on, also where the plain one is there', async () => {
    const card = await open('movie', 'tmdb:603');
    expect(read(card)).toMatch(/It is available already: nothing is left to request\.[\s\S]*\[ Request ✗ \]/);
    await ada.press(card, '4K: off').acknowledged();
    await becomes(card, /Goes to \*\*Seerr\*\* in 4K[\s\S]*\[ Request \]/);
    await ada.press(card, 'Request').acknowledged();
    await outcome(/Matrix[\s\S]*Requested/);
    expect(posts()[0]?.body).toEqual({ mediaType: 'movie', mediaId: 603, is4k: true });
  });

  it('says that it waits for approval where the user may not approve', async () => {
    owner().manages = false;
    const card = await open('movie', 'tmdb:78');
    await ada.press(card, 'Request').acknowledged();
    await outcome(/wait(s|ing) for approval in Seerr/i);
    expect(read(await open('movie', 'tmdb:78'))).toContain('requested, waiting for approval');
  });

  it('tells a duplicate, a refusal and a lost answer apart', async () => {
    const duplicate = await open('movie', 'tmdb:496243');
    test.servers.jellyseerr.faults.next(
      { kind: 'status', status: 409, body: { message: 'Request for this media already exists.' } },
      { match: /POST/ },
    );
    await ada.press(duplicate, 'Request').acknowledged();
    await outcome(/It is requested in Seerr already/);
    owner().filmsLeft = 0;
    const refused = await open('movie', 'tmdb:680');
    await ada.press(refused, 'Request').acknowledged();
    await becomes(refused, /Seerr does not allow this: Movie Quota exceeded\. Wait until the quota allows more/);
    owner().filmsLeft = null;
    const listed = await open('movie', 'tmdb:604');
    test.servers.jellyseerr.faults.next(
      { kind: 'status', status: 403, body: { message: 'This media is blocklisted.' } },
      { match: /POST/ },
    );
    await ada.press(listed, 'Request').acknowledged();
    await becomes(listed, /This media is blocklisted\. Whoever runs Seerr can remove it from that list/);
    const lost = await open('movie', 'tmdb:13');
    test.servers.jellyseerr.faults.next({ kind: 'reset-after-effect' }, { match: /POST/ });
    await ada.press(lost, 'Request').acknowledged();
    await outcome(/The answer was lost, but Seerr did it/);
    expect(posts().filter(({ body }) => JSON.stringify(body).includes('"mediaId":13,'))).toHaveLength(1);
  });
});

describe('a series by way of Seerr', () => {
  it('is requested by seasons, and shows which are available or requested already', async () => {
    const card = await open('tv', 'tmdb:81189');
    expect(read(card)).toMatch(/Breaking Bad[\s\S]*Request:\*\* seasons 3–5/);
    expect(read(card)).not.toContain('Future seasons');
    await ada.select(card, 'Which seasons?', ['Season 3']).acknowledged();
    await becomes(card, /Request:\*\* season 3\n/);
    await ada.press(card, 'Request').acknowledged();
    await outcome(/Requested: season 3\. Seerr/);
    expect(posts()[0]?.body).toEqual({ mediaType: 'tv', mediaId: 81189, is4k: false, seasons: [3] });
  });

  it('says so when nothing is left, which is HTTP 202', async () => {
    const card = await open('tv', 'tmdb:81189');
    test.servers.jellyseerr.state.available.set('tv:81189', [1, 2, 3, 4, 5]);
    await ada.press(card, 'Request').acknowledged();
    await outcome(/All of it is available or requested in Seerr already/);
    expect(posts()).toHaveLength(1);
  });
});

describe('where requests go', () => {
  it('goes to Radarr for a person who prefers it, and to Seerr once they change their mind', async () => {
    const set = async (requests: string) => read(await ada.slash(ada.dm(), 'preferences', { requests }).reply());
    expect(await set('direct')).toContain('straight to **Radarr and Sonarr**');
    expect(read(await open('movie', 'tmdb:329865'))).toMatch(/Quality: HD-1080p[\s\S]*\[ Request \]/);
    expect(await set('seerr')).toContain('Requests go to **Seerr**');
    expect(read(await open('movie', 'tmdb:329865'))).toContain('requested, waiting for approval');
  });

  it('works with Seerr alone', async () => {
    const bob = test.discord.person('Bob');
    await test.setup.all(bob, 'jellyseerr');
    const list = await bob.slash(bob.dm(), 'request tv', { title: 'severance' }).reply();
    await bob.press(list, 'All seasons').acknowledged();
    await becomes(list, /Request:\*\* seasons 1, 2/);
    await bob.press(list, 'Request').acknowledged();
    await outcome(/Requested: seasons 1, 2/, bob);
  });
});

describe('what is there already, and what is not', () => {
  const row = (type: 'movie' | 'tv', tmdbId: number, status: number, more: object = {}) => {
    return { id: 50, type, tmdbId, seasons: [], is4k: false, status, requestedBy: 2, ...more };
  };

  it('is shown on the card as available, waiting for approval or on its way', async () => {
    expect(read(await open('movie', 'tmdb:329865'))).toMatch(
      /requested already, and waits for approval[\s\S]*Request ✗/,
    );
    expect(read(await open('movie', 'tmdb:335984'))).toMatch(/requested already, and on its way[\s\S]*Request ✗/);
    test.servers.jellyseerr.state.available.set('tv:81189', [1, 2, 3, 4, 5]);
    const whole = read(await open('tv', 'tmdb:81189'));
    expect(whole).toMatch(
      /Every season is available or requested already: nothing is left to request\.[\s\S]*Request ✗/,
    );
    expect(whole).not.toContain('Which seasons?');
  });

  it('does not offer seasons again that wait for approval', async () => {
    test.servers.jellyseerr.state.requests.push(row('tv', 81189, requestStatus.pending, { seasons: [3, 4] }));
    const card = await open('tv', 'tmdb:81189');
    expect(read(card)).toMatch(/Request:\*\* season 5\n/);
    await ada.press(card, 'Request').acknowledged();
    await outcome(/Requested: season 5\. Seerr/);
  });

  it('may be asked for again once it was declined or is gone from the library', async () => {
    test.servers.jellyseerr.state.requests.push(row('movie', 680, requestStatus.declined));
    const card = await open('movie', 'tmdb:680');
    expect(read(card)).toMatch(/Goes to \*\*Seerr\*\*\.[\s\S]*\[ Request \]/);
    await ada.press(card, 'Request').acknowledged();
    await outcome(/Pulp Fiction[\s\S]*Requested/);
  });

  it('is separate for 4K, where the server offers that for series', async () => {
    expect(read(await open('tv', 'tmdb:81189'))).not.toContain('4K');
    test.servers.jellyseerr.state.series4kEnabled = true;
    const card = await open('tv', 'tmdb:81189');
    await ada.press(card, '4K: off').acknowledged();
    await becomes(card, /Goes to \*\*Seerr\*\* in 4K[\s\S]*Request:\*\* seasons 3–5/);
    await ada.select(card, 'Which seasons?', ['Season 1']).acknowledged();
    await becomes(card, /Request:\*\* season 1\n/);
    await ada.press(card, 'Request').acknowledged();
    await outcome(/Breaking Bad[\s\S]*Requested: season 1\. Seerr/);
    expect(posts()[0]?.body).toEqual({ mediaType: 'tv', mediaId: 81189, is4k: true, seasons: [1] });
  });

  it('has specials only where Seerr takes them', async () => {
    const withSpecials = shows.find(({ episodes }) => (episodes[0] ?? 0) > 0);
    if (withSpecials === undefined) throw new Error('one of the playground’s series has specials');
    const title = `tmdb:${withSpecials.tvdbId}`;
    expect(read(await open('tv', title))).not.toContain('Specials');
    test.servers.jellyseerr.state.enableSpecialEpisodes = true;
    const card = await open('tv', title);
    await ada.press(card, 'Specials: off').acknowledged();
    await becomes(card, /the specials/);
    await ada.press(card, 'Request').acknowledged();
    await outcome(/Requested[^\n]*the specials\. Seerr/);
    expect(JSON.stringify(posts()[0]?.body)).toMatch(/"seasons":\[0/);
  });

  it('is marked in the list of what was found', async () => {
    const list = await open('tv', 'e');
    const shown = JSON.stringify(test.discord.state.messages.get(list.id)?.components);
    expect(shown).toMatch(/"label":"Breaking Bad \(2008\) ✓","description":"partly there"/);
  });

  it('says so for an id that TMDB does not have', async () => {
    for (const command of ['movie', 'tv'])
      expect(read(await open(command, 'tmdb:999999'))).toMatch(/Seerr finds no such title: TMDB has none with that id/);
  });

  it('cannot be requested when it is on the blocklist, even if it was added after the card was shown', async () => {
    const before = await open('movie', 'tmdb:604');
    test.servers.jellyseerr.state.blocklist.add('movie:604').add('tv:81189');
    for (const card of [await open('movie', 'tmdb:604'), await open('tv', 'tmdb:81189')]) {
      expect(read(card)).toMatch(/on the blocklist[\s\S]*It is on Seerr’s blocklist: whoever[\s\S]*\[ Request ✗ \]/);
      expect(read(card)).not.toMatch(/4K|Which seasons/);
    }
    const choices = await ada.autocomplete(films(), 'request movie', { title: 'matrix rel' }, 'title');
    expect(choices[0]?.name).toBe('The Matrix Reloaded (2003)');
    await ada.press(before, 'Request').acknowledged();
    await becomes(before, /It is on Seerr’s blocklist, so nobody can request it/);
    expect(posts()).toEqual([]);
  });

  it('tells a request that failed from one that waits', async () => {
    test.servers.jellyseerr.state.requests.push(row('movie', 680, requestStatus.failed));
    const card = read(await open('movie', 'tmdb:680'));
    expect(card).toMatch(
      /Now:\*\* requested, but not passed on[\s\S]*Seerr could not pass it on[\s\S]*\[ Request ✗ \]/,
    );
    expect(card).not.toContain('approval');
  });

  it('shows on the card why Seerr refused, and who can change that', async () => {
    const eve = test.discord.person('Eve');
    await test.setup.all(eve, 'jellyseerr');
    const card = await open('movie', 'tmdb:98', eve);
    const users = test.servers.jellyseerr.state.users.splice(0);
    await eve.press(card, 'Request').acknowledged();
    await becomes(card, /Seerr does not accept the key\. Copy it again/);
    expect(read(await open('movie', 'tmdb:98', eve))).toContain('Seerr does not accept the key.');
    test.servers.jellyseerr.state.users.push(...users);
  });

  it('works with CSRF protection on', async () => {
    test.servers.jellyseerr.state.csrfProtection = true;
    const card = await open('movie', 'tmdb:98');
    await ada.press(card, 'Request').acknowledged();
    // Its outcome reads as that of an earlier request, so the server's own journal tells when it is there.
    await test.discord.until(() => posts().some(({ status }) => status === 201));
    expect(posts().map(({ status }) => status)).toEqual([403, 201]);
  });
});

describe('talking', () => {
  it('requests titles in Seerr, in 4K too, although Radarr and Sonarr are set up as well', async () => {
    const carol = test.discord.person('Carol');
    await test.setup.all(carol, 'jellyseerr', 'radarr', 'sonarr');
    carol.say(carol.dm(), 'get me Interstellar in 4K');
    const card = await carol.waitFor(carol.dm(), (message) => read(message).includes('[ Request ]'));
    expect(read(card)).toMatch(/Interstellar[\s\S]*Goes to \*\*Seerr\*\* in 4K/);
    await carol.press(card, 'Request').acknowledged();
    await outcome(/Done: \*\*Interstellar \(2014\)\*\* – ✅ Requested\. Seerr approved it/, carol);
    expect(posts().map(({ body }) => body)).toEqual([{ mediaType: 'movie', mediaId: 157336, is4k: true }]);
    await carol.slash(carol.dm(), 'preferences', { requests: 'direct' }).reply();
    carol.say(carol.dm(), 'get me Pulp Fiction');
    const direct = await carol.waitFor(carol.dm(), (message) => /Pulp[\s\S]*\[ Request \]/.test(read(message)));
    expect(read(direct)).toContain('Radarr');
  });
});
