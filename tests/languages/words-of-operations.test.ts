import { expect, it } from 'vitest';
import { translate } from '../../src/languages/translation.ts';
import { type MessageTable, type Say, sayInEnglish, speak } from '../../src/messages.ts';
import { itemMessages } from '../../src/tools/library/item-words.ts';
import { type RowState, rowMessages, rowStatus, rowTitle } from '../../src/tools/library/row-words.ts';
import { formatSize, formatSpeed, measureMessages } from '../../src/tools/measures.ts';
import { seasonMessages, seasonNumbers } from '../../src/tools/season-words.ts';
import { statusWords, titleStatusMessages } from '../../src/tools/title-list.ts';

/** Says these tables in German, by the texts of a translation that compiles, and the rest in English. */
function inGerman(...tables: { table: MessageTable; texts: Readonly<Record<string, string>> }[]): Say {
  const texts = tables.flatMap(({ table, texts }) =>
    Object.entries(table).map(([name, { id }]): [string, string | undefined] => [id, texts[name]]),
  );
  const byId = new Map(texts);
  return speak('de', (id) => byId.get(id));
}

it('says a list of Jellyfin in another language, of the parts that a command gets', () => {
  const items = translate<typeof itemMessages>()({
    season: '{series}: {title}',
    episode: '{title} ({series})',
    numberedEpisode: '{series}, Staffel {season}, Folge {episode}: {title}',
  });
  const rows = translate<typeof rowMessages>()({
    watched: 'gesehen',
    partlyWatched: 'zu {percent} % gesehen',
    partlyWatchedAndLeft: 'zu {percent} % gesehen, noch {minutes, plural, one {eine Minute} other {# Minuten}}',
    left: 'noch {minutes, plural, one {eine Minute} other {# Minuten}}',
    newEpisode: 'Staffel {season}, Folge {episode}',
    newEpisodes: '{count, plural, one {eine neue Folge} other {# neue Folgen}}',
  });
  const say = inGerman({ table: itemMessages, ...items }, { table: rowMessages, ...rows });
  const item = { kind: 'episode' as const, title: 'Seven Thirty-Seven', series: 'Breaking Bad', season: 2, episode: 1 };
  expect(rowTitle({ title: '', item }, say)).toBe('Breaking Bad, Staffel 2, Folge 1: Seven Thirty-Seven');
  const states: RowState[] = [
    { of: 'watching', percent: 40.7, minutesLeft: 1 },
    { of: 'watching', percent: 100, minutesLeft: 0 },
    { of: 'watching', percent: 0.5, minutesLeft: 0 },
    { of: 'episodes', count: 1, season: 2, episode: 13 },
    { of: 'episodes', count: 1200, season: 2, episode: 13 },
  ];
  expect(states.map((state) => rowStatus(state, say))).toEqual([
    'zu 40 % gesehen, noch eine Minute',
    'gesehen',
    '',
    'Staffel 2, Folge 13',
    '1.200 neue Folgen',
  ]);
  expect(states.map((state) => rowStatus(state, sayInEnglish))).toEqual([
    '40 % watched, 1 min left',
    'watched',
    '',
    'season 2, episode 13',
    '1200 new episodes',
  ]);
});

it('says seasons, sizes and how far a title has come in another language', () => {
  const seasons = translate<typeof seasonMessages>()({
    numbered: '{count, plural, one {Staffel {numbers}} other {Staffeln {numbers}}}',
    numberedAndSpecials: '{count, plural, one {Staffel {numbers} und Extras} other {Staffeln {numbers} und Extras}}',
    specials: 'Extras',
  });
  const say = inGerman({ table: seasonMessages, ...seasons });
  expect(seasonNumbers([3, 0, 1, 2, 5], say)).toBe('Staffeln 1–3, 5 und Extras');
  expect(seasonNumbers([4], say)).toBe('Staffel 4');
  expect(seasonNumbers([3, 0, 1, 2, 5], sayInEnglish)).toBe('seasons 1–3, 5 and the specials');
  expect(seasonNumbers([1, 2], sayInEnglish)).toBe('seasons 1, 2');
  expect(seasonNumbers([0], sayInEnglish)).toBe('the specials');
  expect(seasonNumbers([], sayInEnglish)).toBe('');
  const german = inGerman({ table: measureMessages, texts: {} });
  expect(formatSize(8_400_000_000, german)).toBe('8,4 GB');
  expect(formatSpeed(5_200_000, german)).toBe('5,2 MB/s');
  const partial = { status: { state: 'partial', have: 1100, of: 1122 } } as const;
  expect(statusWords(partial, sayInEnglish)).toBe('1100 of 1122 episodes there');
  const { episodesThere } = titleStatusMessages;
  const counted = speak('de', (id) =>
    id === episodesThere.id ? '{have, number} von {of, plural, one {# Folge} other {# Folgen}} da' : undefined,
  );
  expect(statusWords(partial, counted)).toBe('1.100 von 1.122 Folgen da');
});
