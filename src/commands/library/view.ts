import { type APIComponentInContainer, type APIMediaGalleryComponent, ComponentType } from 'discord.js';
import { type Message, messages, type Say, type Saying, sayInEnglish } from '../../messages.ts';
import { namelessMessages } from '../../services/titles.ts';
import type { LibraryRow } from '../../tools/library/find-in-library.ts';
import { rowStatus, rowTitle } from '../../tools/library/row-words.ts';
import { escaped, oneLine } from '../cards/server-text.ts';
import { type CardMessage, cardMessage, text } from '../cards/title-face.ts';
import type { Posters } from './posters.ts';

export const libraryViewMessages = messages('library_view', {
  film: 'film',
  series: 'series',
  noMatch: 'Nothing in your library matches “{query}”. `/request` can get it.',
  found: '## In the library: “{query}”',
  addedToJellyfin: '## Recently added to Jellyfin',
  addedToLibrary: '## Recently added to the library',
  nothingAdded: 'Nothing has been added yet.',
  continueWatching: '### Continue watching',
  transcoding: 'transcoding',
  direct: 'direct',
  somebody: 'Somebody',
  nobody: 'Nobody is watching anything in Jellyfin now.',
  playing: '## Playing in Jellyfin',
  more: '-# and {more, number, ::group-off} more',
  /** What the conversation keeps of it, for the model. */
  shown: 'Shown: {words}',
});

/** A message, and what the conversation keeps of it when it is in English. */
type View = { message: CardMessage & { files: Posters['files'] }; words: string };
type Found = { titles: readonly LibraryRow[]; problems: readonly Saying[]; posters: Posters; say: Say };
type Begun = Omit<LibraryRow, 'service'>;
export type Session = {
  user: string | null;
  device: string | null;
  title: string;
  year: number | null;
  item?: LibraryRow['item'];
  percent: number | null;
  isPaused: boolean;
  isTranscoding: boolean;
};

/** Seasons and episodes need no such word: their names say what they are. */
const kindWords: Record<string, Message> = { movie: libraryViewMessages.film, series: libraryViewMessages.series };
/** How many of a message's 4,000 characters lists may use; headings, warnings and hints need the rest. */
const mostCharacters = 2800;
/** So many pictures stand beside their titles. More of them would be screens long on a phone. */
const mostBeside = 2;

/** `/library search`: the titles that match, and which servers could not be asked. */
export function librarySearchView(query: string, found: Found): View {
  const { say } = found;
  const nothing = found.problems.length > 0 ? '' : say(libraryViewMessages.noMatch, { query: escaped(query, 100) });
  return view(
    [
      found.titles.length > 0 ? say(libraryViewMessages.found, { query: escaped(query, 60) }) : nothing,
      ...shown(found, mostCharacters),
      warnings(found.problems, say),
    ],
    found,
  );
}

/** `/library recent`: the newest titles, and below them what the person can continue watching. */
export function libraryRecentView(
  found: Found,
  { begun, hint }: { begun: readonly Begun[]; hint: Saying | null },
): View {
  const isJellyfins = found.titles.every(({ service }) => service === 'Jellyfin');
  const { say } = found;
  const newest = found.titles.slice(0, 15);
  const watching = cut(
    begun.slice(0, 5).map((row) => listLine(row, { isTold: true, say })),
    { characters: mostCharacters / 4, say },
  );
  return view(
    [
      found.titles.length > 0
        ? say(isJellyfins ? libraryViewMessages.addedToJellyfin : libraryViewMessages.addedToLibrary)
        : found.problems.length > 0
          ? ''
          : say(libraryViewMessages.nothingAdded),
      ...shown({ ...found, titles: newest, isTold: isJellyfins }, (mostCharacters * 3) / 4),
      watching === '' ? '' : `${say(libraryViewMessages.continueWatching)}\n${watching}`,
      warnings(found.problems, say),
      hint === null ? '' : `-# ${hint(say)}`,
    ],
    found,
  );
}

/** `/library playing`: who is watching what. */
export function libraryPlayingView({
  sessions,
  more,
  say,
}: {
  sessions: readonly Session[];
  more: number;
  say: Say;
}): View {
  const lines = sessions.map((session) => {
    const how = [
      session.percent === null ? '' : `${session.percent} %`,
      session.device === null ? '' : escaped(session.device, 60),
      say(session.isTranscoding ? libraryViewMessages.transcoding : libraryViewMessages.direct),
    ];
    const who = session.user === null ? say(libraryViewMessages.somebody) : escaped(session.user, 60);
    return `${session.isPaused ? '⏸️' : '▶️'} **${who}:** ${nameOf(session, say)}\n-# ${how.filter((part) => part !== '').join(' · ')}`;
  });
  const heading = say(lines.length === 0 ? libraryViewMessages.nobody : libraryViewMessages.playing);
  const rest = more > 0 ? say(libraryViewMessages.more, { more }) : '';
  return view([heading, cut(lines, { characters: mostCharacters, say }), rest], {
    posters: { addresses: new Map(), files: [] },
  });
}

/** The rows with their pictures: one or two beside the text, more in one grid over the list. `isTold`: the heading names the service. */
function shown(
  { titles, posters, say, isTold = false }: Found & { isTold?: boolean },
  characters: number,
): (string | APIComponentInContainer)[] {
  if (posters.addresses.size > mostBeside) {
    const list = cut(
      titles.map((row) => listLine(row, { isTold, say })),
      { characters, say },
    );
    return [gallery(titles, posters, say), list];
  }
  const faces = titles.flatMap((row): APIComponentInContainer[] => {
    const url = posters.addresses.get(row);
    if (url === undefined) return [];
    const content = `**${nameOf(row, say)}**\n${factsOf(row, { isTold, say })}`.trimEnd();
    const accessory = { type: ComponentType.Thumbnail as const, media: { url } };
    return [{ type: ComponentType.Section, components: [text(content)], accessory }];
  });
  const others = titles.filter((row) => !posters.addresses.has(row)).map((row) => listLine(row, { isTold, say }));
  return [...faces, cut(others, { characters: characters - faces.length * 250, say })];
}

/** The pictures in the order of the list, each with its title for whoever does not see it. */
function gallery(titles: readonly LibraryRow[], { addresses }: Posters, say: Say): APIMediaGalleryComponent {
  const items = titles.flatMap((row) => {
    const url = addresses.get(row);
    return url === undefined ? [] : [{ media: { url }, description: plainName(row, say) }];
  });
  return { type: ComponentType.MediaGallery, items };
}

function plainName(row: Pick<LibraryRow, 'title' | 'year' | 'item'>, say: Say): string {
  const { year } = row;
  return `${oneLine(rowTitle(row, say), 200) || say(namelessMessages.title)}${year === null ? '' : ` (${year})`}`;
}

function listLine(row: Begun & { service?: string }, { isTold, say }: { isTold: boolean; say: Say }): string {
  const facts = factsOf(row, { isTold, say });
  return `- **${nameOf(row, say)}**${facts === '' ? '' : ` · ${facts}`}`;
}

function nameOf(row: Pick<LibraryRow, 'title' | 'year' | 'item'>, say: Say): string {
  const { year } = row;
  return `${escaped(rowTitle(row, say), 100) || say(namelessMessages.title)}${year === null ? '' : ` (${year})`}`;
}

function factsOf(
  { kind, state = null, service }: Begun & { service?: string },
  { isTold, say }: { isTold: boolean; say: Say },
): string {
  const named = kindWords[kind];
  const parts = [named === undefined ? '' : say(named), rowStatus(state, say), isTold ? '' : service];
  return parts.filter((part) => part).join(' · ');
}

function warnings(problems: readonly Saying[], say: Say): string {
  return problems.map((problem) => `⚠️ ${problem(say)}`).join('\n');
}

/** As many lines as fit, and how many did not. */
function cut(lines: readonly string[], { characters, say }: { characters: number; say: Say }): string {
  let room = characters;
  const fitting = lines.filter((line) => {
    room -= line.length + 1;
    return room >= 0;
  });
  const rest = lines.length - fitting.length;
  return [...fitting, ...(rest > 0 ? [say(libraryViewMessages.more, { more: rest })] : [])].join('\n');
}

function view(
  parts: readonly (string | APIComponentInContainer)[],
  { posters: { files } }: { posters: Posters },
): View {
  const components = parts.flatMap((part) => (typeof part !== 'string' ? part : part === '' ? [] : text(part)));
  const words = components.flatMap(wordsOf).join('\n');
  return {
    message: { ...cardMessage(components), files },
    words: sayInEnglish(libraryViewMessages.shown, { words: words.slice(0, 2000) }),
  };
}

function wordsOf(component: APIComponentInContainer): string[] {
  if (component.type === ComponentType.TextDisplay) return [component.content];
  return component.type === ComponentType.Section ? component.components.flatMap(wordsOf) : [];
}
