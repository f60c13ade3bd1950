import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Person } from '../../playground/discord/person.ts';
import type { Message } from '../../playground/discord/state.ts';
import { startTestBot, type TestBot } from '../bot.ts';

let test: TestBot;
let ada: Person;
beforeAll(async () => {
  test = await startTestBot({ environment: { AUTOCOMPLETE_TIMEOUT_MS: '150', SERVICE_TIMEOUT_MS: '2000' } });
  ada = test.discord.person('Ada');
  await test.setup.all(ada, 'radarr', 'sonarr');
});
afterAll(() => test.stop());
beforeEach(() => {
  test.servers.radarr.journal.length = 0;
  test.servers.sonarr.journal.length = 0;
});

const films = () => test.discord.channel('films');
const read = (message: Message) => test.discord.render(test.discord.state.messages.get(message.id) ?? message);
const becomes = (message: Message, words: string | RegExp) =>
  test.discord.until(() => (words instanceof RegExp ? words.test(read(message)) : read(message).includes(words)));
const calls = (server: 'radarr' | 'sonarr', call: RegExp) =>
  test.servers[server].journal.filter(({ method, path }) => call.test(`${method} ${path}`));
const type = (title: string) => ada.autocomplete(films(), 'request movie', { title }, 'title');

describe('typing a title', () => {
  it('offers titles with their year, and marks what is there', async () => {
    const choices = await type('matrix');
    expect(choices).toContainEqual({ name: 'The Matrix (1999) ✓', value: 'tmdb:603' });
    expect(choices).toContainEqual({ name: 'The Matrix Reloaded (2003)', value: 'tmdb:604' });
  });

  it('asks Radarr once for a term, however many keys are pressed', async () => {
    await Promise.all([type('Incep'), type('incep'), type(' incep '), type('INCEP')]);
    await type('incep');
    expect(calls('radarr', /lookup/)).toHaveLength(1);
  });

  it('asks nobody for a single letter', async () => {
    expect(await type('i')).toEqual([]);
    expect(calls('radarr', /lookup/)).toHaveLength(0);
  });

  it('answers with nothing while the server is slow, and with the same look-up’s answer later', async () => {
    test.servers.radarr.faults.next({ kind: 'delay', ms: 600 }, { match: /lookup/ });
    expect(await type('blade')).toEqual([]);
    await test.discord.until(() => calls('radarr', /lookup/).length > 0);
    expect((await type('blade')).map(({ name }) => name)).toContain('Blade Runner 2049 (2017) ✓');
    expect(calls('radarr', /lookup/)).toHaveLength(1);
  });

  it('answers with nothing when the server fails, and asks again at the next key', async () => {
    test.servers.radarr.faults.next({ kind: 'status', status: 500 }, { match: /lookup/ });
    expect(await type('gladi')).toEqual([]);
    await type('gladi');
    expect(calls('radarr', /lookup/)).toHaveLength(1);
  });

  it('finds a longer term in the answer to a shorter one', async () => {
    expect(await type('the matrix')).toHaveLength((await type('matrix')).length);
    const asked = calls('radarr', /lookup/).length;
    expect((await type('the matrix rel')).map(({ name }) => name)).toEqual(['The Matrix Reloaded (2003)']);
    expect(calls('radarr', /lookup/)).toHaveLength(asked);
  });

  it('notices at the very next key that a service was switched off or on', async () => {
    expect(await type('matrix')).not.toEqual([]);
    await ada.slash(films(), 'services disable', { service: 'radarr' }).reply();
    expect(await type('matrix')).toEqual([]);
    await ada.slash(films(), 'services enable', { service: 'radarr' }).reply();
    expect(await type('matrix')).not.toEqual([]);
  });

  it('offers nothing to a person without Radarr', async () => {
    await test.restart({ ALLOWED_USERS: test.discord.person('Bob').id });
    const bob = test.discord.person('Bob');
    expect(await bob.autocomplete(films(), 'request movie', { title: 'matrix' }, 'title')).toEqual([]);
    const answer = await bob.slash(films(), 'request movie', { title: 'matrix' }).reply();
    expect(read(answer)).toContain('Radarr is not set up for you');
    expect(await bob.press(answer, 'Set up Radarr').modal()).toBeDefined();
  });
});

describe('requesting a film', () => {
  it('shows a card to one person, and the outcome to the channel', async () => {
    const card = await ada.slash(films(), 'request movie', { title: 'tmdb:438631' }).reply();
    expect(card.ephemeralFor).toBe(ada.id);
    for (const words of [
      'Dune (2021)',
      '2\u00a0h\u00a035\u00a0min',
      '★\u00a07.8',
      'not in the library',
      'Quality: HD-1080p',
    ])
      expect(read(card)).toContain(words);
    expect(read(card)).not.toContain('Folder');
    await ada.select(card, 'Quality profile', ['Quality: Ultra-HD']).acknowledged();
    await becomes(card, 'Quality: Ultra-HD');
    await ada.press(card, 'Request').acknowledged();
    const outcome = await ada.waitFor(films(), (message) => message.ephemeralFor === null);
    expect(read(outcome)).toMatch(/Dune \(2021\)[\s\S]*Requested[\s\S]*Asked for by Ada/);
    expect(outcome.allowedMentions).toEqual({ parse: [] });
    await becomes(card, '✅ **Dune (2021)**: the result is in the message below.');
    expect(calls('radarr', /^POST .*movie$/)).toMatchObject([
      { body: { tmdbId: 438631, qualityProfileId: 2, rootFolderPath: '/films', minimumAvailability: 'released' } },
    ]);
  });

  it('starts the next card with the profile of the last', async () => {
    const card = await ada.slash(films(), 'request movie', { title: 'tmdb:604' }).reply();
    expect(read(card)).toContain('Quality: Ultra-HD');
    await ada.press(card, 'Cancel').acknowledged();
    await becomes(card, 'Canceled. Nothing was done.');
    expect(calls('radarr', /^POST/)).toHaveLength(0);
  });

  it('shows a choice of titles for free text, and marks what was requested a moment ago', async () => {
    const choice = await ada.slash(films(), 'request movie', { title: 'Dune' }).reply();
    expect(JSON.stringify(choice.components)).toContain('Dune (2021) ✓');
    await ada.select(choice, 'Pick a title', ['Dune (1984)']).acknowledged();
    await becomes(choice, /Dune \(1984\)[\s\S]*Request/);
  });

  it('offers another search for what is there', async () => {
    const card = await ada.slash(films(), 'request movie', { title: 'tmdb:603' }).reply();
    expect(read(card)).toContain('It is in Radarr already');
    await ada.press(card, 'Search again').acknowledged();
    await ada.waitFor(films(), (message) => message.ephemeralFor === null && read(message).includes('searching again'));
    expect(calls('radarr', /^POST .*command$/)).toHaveLength(1);
  });

  it('says how far a download is', async () => {
    const card = await ada.slash(films(), 'request movie', { title: 'tmdb:335984' }).reply();
    expect(read(card)).toContain('downloading 43 %');
  });

  it('says so when nothing is found, also for a number', async () => {
    expect(read(await ada.slash(films(), 'request movie', { title: 'zzzz **x**' }).reply())).toContain(
      'Radarr found no film for “zzzz \\*\\*x\\*\\*”',
    );
    expect(read(await ada.slash(films(), 'request movie', { title: 'tmdb:999999999' }).reply())).toContain(
      'Radarr knows no film with that TMDB id',
    );
  });
});

describe('requesting a series', () => {
  it('takes seasons, and later those that are missing', async () => {
    const card = await ada.slash(ada.dm(), 'request tv', { title: 'severance' }).reply();
    expect(read(card)).toContain('Severance (2022)');
    expect(() => ada.press(card, 'Request')).toThrow('disabled');
    await ada.select(card, 'Which seasons?', ['Season 2']).acknowledged();
    await becomes(card, '**Request:** season 2');
    await ada.press(card, 'Request').acknowledged();
    await becomes(card, 'Requested: season 2');
    expect(calls('sonarr', /^POST .*series$/)).toMatchObject([
      {
        body: {
          seasons: expect.arrayContaining([
            expect.objectContaining({ seasonNumber: 1, monitored: false }),
            expect.objectContaining({ seasonNumber: 2, monitored: true }),
          ]),
        },
      },
    ]);

    const more = await ada.slash(ada.dm(), 'request tv', { title: 'tvdb:371980' }).reply();
    expect(read(more)).toContain('**Request:** season 1');
    await ada.press(more, 'Request').acknowledged();
    await becomes(more, 'Added: season 1');
    expect(calls('sonarr', /^POST .*command$/)).toMatchObject([{ body: { name: 'SeasonSearch', seasonNumber: 1 } }]);
  });

  it('does what was chosen last, though the press came right behind it', async () => {
    const card = await ada.slash(ada.dm(), 'request tv', { title: 'ted lasso' }).reply();
    await ada.select(card, 'Which seasons?', ['Season 1']).acknowledged();
    await becomes(card, '**Request:** season 1');
    ada.press(card, 'All seasons');
    ada.press(card, 'Request');
    await becomes(card, 'Requested: seasons 1–3');
  });

  it('pages through 36 seasons, newest first, and keeps what was chosen on the other page', async () => {
    const card = await ada.slash(ada.dm(), 'request tv', { title: 'tvdb:71663' }).reply();
    await ada.select(card, 'Which seasons? (1 of 2)', ['Season 36']).acknowledged();
    await becomes(card, '**Request:** season 36');
    await ada.press(card, 'Older ›').acknowledged();
    await test.discord.until(() => JSON.stringify(test.discord.state.messages.get(card.id)).includes('"Season 1"'));
    await ada.select(card, 'Which seasons? (2 of 2)', ['Season 1', 'Season 2']).acknowledged();
    await becomes(card, '**Request:** seasons 1, 2, 36');
    await ada.press(card, 'Cancel').acknowledged();
    await becomes(card, 'Canceled');
  });
});
