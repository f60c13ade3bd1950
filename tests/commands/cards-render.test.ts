import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { validateMessage } from '../../playground/discord/validate-message.ts';
import { choose } from '../../src/commands/cards/choose.ts';
import { operationCard } from '../../src/commands/cards/operation-card.ts';
import { readPlace } from '../../src/commands/cards/place.ts';
import { requestDefaultsOf } from '../../src/commands/cards/request-defaults.ts';
import type { CardMessage } from '../../src/commands/cards/title-face.ts';
import { sayInEnglish } from '../../src/messages.ts';
import type { Movie, Season, Series } from '../../src/services/titles.ts';
import type { LoadedCall } from '../../src/tools/preview.ts';
import type { Places } from '../../src/tools/requests/place-choices.ts';
import { requestMovie } from '../../src/tools/requests/request-movie.ts';
import { requestSeries } from '../../src/tools/requests/request-series.ts';
import { searchMovieAgain } from '../../src/tools/requests/search-movie-again.ts';
import { searchSeriesAgain } from '../../src/tools/requests/search-series-again.ts';

const id = '0d4f6a34-5f7c-4b4e-9a39-0f4c1f4b6f10';

const dune: Movie = {
  kind: 'movie',
  tmdbId: 438631,
  minimumAvailability: null,
  title: 'Dune',
  year: 2021,
  overview: 'Paul Atreides goes to Arrakis.',
  posterUrl: 'https://image.tmdb.org/t/p/original/dune.jpg',
  runtimeMinutes: 155,
  genres: ['Science Fiction', 'Adventure'],
  rating: 7.8,
  libraryId: null,
  status: { state: 'absent' },
};
const one: Places = { profiles: [{ id: 4, name: 'HD-1080p' }], folders: [{ path: '/movies', freeBytes: 1.2e12 }] };
const two: Places = {
  profiles: [...one.profiles, { id: 5, name: 'Ultra-HD' }],
  folders: [...one.folders, { path: '/more', freeBytes: null }],
};

function season(seasonNumber: number, there: Partial<Season> = {}): Season {
  return { seasonNumber, monitored: false, episodeCount: 10, episodeFileCount: 0, ...there };
}
function series(seasons: Season[], changes: Partial<Series> = {}): Series {
  const { tmdbId, minimumAvailability, ...title } = dune;
  return { ...title, kind: 'series', tvdbId: 5, title: 'Long Show', seasons, ended: false, ...changes };
}

/** Checks a card by Discord's rules and gives it as the one text it is. */
function shown(message: CardMessage): string {
  validateMessage(JSON.parse(JSON.stringify({ ...message, allowed_mentions: message.allowedMentions })), {
    isEdit: false,
    wasV2: false,
    hasFiles: false,
  });
  return JSON.stringify(message.components);
}
const fresh = { preferences: {} };

/** The input after a choice on a page of the card; null when that is not there. */
function change(
  loaded: LoadedCall,
  input: unknown,
  { field, values = [], page = 0 }: { field: string; values?: string[]; page?: number },
): unknown {
  return choose(loaded.choices(input, sayInEnglish), { field, values, place: { pages: [page], sheet: 0 } });
}

describe('the card of a film', () => {
  const card = (details = one, title = dune, user: { preferences: Record<string, unknown> } = fresh) => {
    const loaded = requestMovie.bind({ title, ...details });
    const input = loaded.fillIn({ tmdbId: title.tmdbId }, requestDefaultsOf(user));
    return { loaded, input, text: shown(operationCard({ id, input }, loaded, { say: sayInEnglish })) };
  };

  it('shows the film, its state, and Request and Cancel', () => {
    const { text, input } = card();
    for (const part of [
      'Dune (2021)',
      '2\u00a0h\u00a035\u00a0min',
      'Science Fiction, Adventure',
      '★\u00a07.8',
      'Arrakis',
      'dune.jpg',
    ])
      expect(text).toContain(part);
    expect(text).toContain('not in the library');
    expect(text).toContain(`call:${id}:press`);
    expect(text).toContain(`call:${id}:cancel`);
    expect(input).toEqual({
      tmdbId: 438631,
      qualityProfileId: 4,
      rootFolderPath: '/movies',
      minimumAvailability: 'released',
    });
  });

  it('asks for profile and folder only where there is a choice', () => {
    expect(card().text).not.toMatch(/set:quality|set:folder/);
    expect(card(two).text).toMatch(/set:quality.*set:folder/);
  });

  it('starts with what the person chose last, as long as it is there', () => {
    const choices = { qualityProfileId: 5, rootFolderPath: '/more', minimumAvailability: 'announced' };
    const user = { preferences: { requestDefaults: { radarr: choices } } };
    expect(card(two, dune, user).input).toEqual({ tmdbId: 438631, ...choices });
    expect(card(one, dune, user).input).toMatchObject({ qualityProfileId: 4, rootFolderPath: '/movies' });
    expect(card(two, dune, { preferences: { requestDefaults: 'broken' } }).input).toMatchObject({
      qualityProfileId: 4,
    });
  });

  it('takes a choice, and refuses one that is not there', () => {
    const { loaded, input } = card(two);
    const pick = (field: string, value: string) => change(loaded, input, { field, values: [value] });
    expect(pick('quality', '5')).toMatchObject({ qualityProfileId: 5 });
    expect(pick('folder', '/more')).toMatchObject({ rootFolderPath: '/more', qualityProfileId: 4 });
    expect(pick('availability', 'inCinemas')).toMatchObject({ minimumAvailability: 'inCinemas' });
    for (const [field, value] of [
      ['quality', '6'],
      ['folder', '/etc'],
      ['availability', 'never'],
      ['seasons', '1'],
    ] as const)
      expect(pick(field, value)).toBeNull();
  });

  it('shows the page with the chosen one of more than 25 profiles', () => {
    const profiles = Array.from({ length: 40 }, (_, at) => ({ id: at + 1, name: `Profile ${at + 1}` }));
    const user = { preferences: { requestDefaults: { radarr: { qualityProfileId: 39 } } } };
    const { text } = card({ ...one, profiles }, dune, user);
    expect(text).toContain('Quality: Profile 39');
    expect(text.match(/"label":"Quality: Profile/g)).toHaveLength(15);
    expect(text).toContain('Quality profile (2 of 2)');
  });

  it('takes folders whose path is longer than a select’s value', () => {
    const path = `/${'deep/'.repeat(60)}`;
    const { loaded, input, text } = card({ ...one, folders: [...one.folders, { path, freeBytes: 0 }] });
    const value = /"value":"(sha256-[0-9a-f]+)"/.exec(text)?.[1] ?? '';
    expect(change(loaded, input, { field: 'folder', values: [value] })).toMatchObject({ rootFolderPath: path });
  });

  it('asks for no choices for a film that is in the library but not monitored', () => {
    const title: Movie = { ...dune, libraryId: 3, status: { state: 'unmonitored' } };
    expect(card(two, title).text).not.toContain('set:');
    expect(card(two, title).text).toContain('not monitored');
  });

  it('shows no picture that is not public', () => {
    for (const posterUrl of ['http://x/y.jpg', 'https://a:b@x/y.jpg', 'https://x/y.jpg?apikey=1', 'nonsense'])
      expect(card(one, { ...dune, posterUrl }).text).not.toContain('y.jpg');
  });

  it('keeps to Discord’s limits whatever the server says', () => {
    const anyText = fc.string({ unit: 'binary', maxLength: 5000 });
    fc.assert(
      fc.property(anyText, anyText, fc.array(anyText, { maxLength: 60 }), (title, overview, names) => {
        const profiles = names.map((name, at) => ({ id: at + 1, name }));
        const folders = names.map((path) => ({ path: path.slice(0, 400) || '/', freeBytes: 1 }));
        card({ profiles, folders }, { ...dune, title, overview, genres: names });
      }),
      { numRuns: 30 },
    );
  });
});

describe('the card of a series', () => {
  const many = Array.from({ length: 36 }, (_, at) => season(at));
  const open = (title: Series, seasons: number[] = [], page = 0, details = one) => {
    const loaded = requestSeries.bind({ title, ...details });
    const input = loaded.fillIn({ tvdbId: 5, seasons }, requestDefaultsOf(fresh));
    return {
      loaded,
      input,
      text: shown(operationCard({ id, input }, loaded, { say: sayInEnglish, place: { pages: [page], sheet: 0 } })),
    };
  };
  const numbersIn = (text: string) => [...text.matchAll(/"label":"Season (\d+)"/g)].map((match) => Number(match[1]));

  it('lists 35 seasons newest first on two pages, the specials apart', () => {
    const title = series(many);
    expect(numbersIn(open(title).text)).toEqual(Array.from({ length: 25 }, (_, at) => 35 - at));
    expect(numbersIn(open(title, [], 1).text)).toEqual(Array.from({ length: 10 }, (_, at) => 10 - at));
    expect(open(title).text).toContain('Specials: off');
    expect(open(title, [0]).text).toContain('Specials: on');
    expect(numbersIn(open(title, [], 99).text)).toHaveLength(10);
  });

  it('keeps the seasons chosen on another page', () => {
    const { loaded, input } = open(series(many), [0, 30, 35]);
    const chosen = { field: 'seasons', values: ['3', '9'], page: 1 };
    expect(change(loaded, input, chosen)).toMatchObject({ seasons: [0, 3, 9, 30, 35] });
    expect(change(loaded, input, { ...chosen, values: ['30'] })).toBeNull();
  });

  it('chooses all or none, future seasons and the specials', () => {
    const { loaded, input } = open(series(many), [0]);
    const press = (from: unknown, field: string) => change(loaded, from, { field });
    const all = press(input, 'all');
    expect(all).toMatchObject({ seasons: Array.from({ length: 36 }, (_, at) => at) });
    expect(press(all, 'all')).toMatchObject({ seasons: [0] });
    expect(press(press(input, 'future'), 'specials')).toMatchObject({ monitorNew: true, seasons: [] });
    expect(press(press(input, 'future'), 'future')).toMatchObject({ monitorNew: false });
  });

  it('works with one season, and with none', () => {
    expect(open(series([season(1)]), [1]).text).toContain('"max_values":1');
    expect(open(series([])).text).toContain('Future seasons: off');
    expect(open(series([], { ended: true })).text).toContain('"disabled":true');
  });

  it('lets nothing be requested until something is chosen', () => {
    expect(open(series([season(1), season(2)])).text).toMatch(/"label":"Request","style":3,"disabled":true/);
    expect(open(series([season(1), season(2)]), [2]).text).toMatch(/"label":"Request","style":3}/);
  });

  it('shows how complete each season is, and offers the missing ones', () => {
    const title = series(
      [
        season(1, { episodeFileCount: 10, monitored: true }),
        season(2, { episodeFileCount: 3, monitored: true }),
        season(3),
        season(4, { monitored: true, episodeCount: 0 }),
      ],
      { libraryId: 7, status: { state: 'partial', have: 13, of: 20 } },
    );
    const { text, loaded, input } = open(title, [], 0, two);
    for (const words of ['"there"', '3 of 10 episodes there', '"missing"', 'wanted, not downloaded yet', '13 of 20'])
      expect(text).toContain(words);
    expect(text).not.toMatch(/set:quality|set:folder/);
    expect(change(loaded, input, { field: 'missing' })).toMatchObject({ seasons: [3] });
  });

  it('keeps to Discord’s limits whatever the server says', () => {
    const seasons = fc.array(
      fc.record({
        seasonNumber: fc.integer({ min: 0, max: 9999 }),
        monitored: fc.boolean(),
        episodeCount: fc.integer({ min: 0, max: 1e9 }),
        episodeFileCount: fc.integer({ min: 0, max: 1e9 }),
      }),
      { maxLength: 300 },
    );
    fc.assert(
      fc.property(seasons, fc.integer({ min: 0, max: 20 }), fc.boolean(), (all, page, isThere) => {
        const title = series(all, { libraryId: isThere ? 1 : null });
        const { loaded, input } = open(title, [], page, two);
        // One season has no shortcut to all.
        const everything = change(loaded, input, { field: 'all', page }) ?? input;
        shown(
          operationCard({ id, input: everything }, loaded, { say: sayInEnglish, place: readPlace([String(page)]) }),
        );
      }),
      { numRuns: 50 },
    );
  });
});

describe('the card of what is there already', () => {
  it('says so and offers to search again', () => {
    const film = searchMovieAgain.bind({ title: { ...dune, libraryId: 1, status: { state: 'available' } } });
    const text = shown(operationCard({ id, input: { tmdbId: 438631 } }, film, { say: sayInEnglish }));
    expect(text).toContain('It is in Radarr already');
    expect(text).toContain('Search again');
    const show = searchSeriesAgain.bind({
      title: series([season(1)], { libraryId: 1, status: { state: 'downloading', percent: 43.7 } }),
    });
    expect(shown(operationCard({ id, input: { tvdbId: 5, seasons: [1] } }, show, { say: sayInEnglish }))).toMatch(
      /downloading 43 %.*Sonarr has it.*season 1/,
    );
  });
});
