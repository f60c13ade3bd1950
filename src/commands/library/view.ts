import { type APIComponentInContainer, type APIMediaGalleryComponent, ComponentType } from 'discord.js';
import { sayInEnglish } from '../../messages.ts';
import type { LibraryRow } from '../../tools/library/find-in-library.ts';
import { rowStatus, rowTitle } from '../../tools/library/row-words.ts';
import { escaped, oneLine } from '../cards/server-text.ts';
import { type CardMessage, cardMessage, text } from '../cards/title-face.ts';
import type { Posters } from './posters.ts';

/** A message, and what the conversation keeps of it. */
type View = { message: CardMessage & { files: Posters['files'] }; words: string };
type Found = { titles: readonly LibraryRow[]; problems: readonly string[]; posters: Posters };
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
const kindWords: Record<string, string> = { movie: 'film', series: 'series' };
/** How many of a message's 4,000 characters lists may use; headings, warnings and hints need the rest. */
const mostCharacters = 2800;
/** So many pictures stand beside their titles. More of them would be screens long on a phone. */
const mostBeside = 2;

/** `/library search`: the titles that match, and which servers could not be asked. */
export function librarySearchView(query: string, found: Found): View {
  const nothing =
    found.problems.length > 0
      ? ''
      : `Nothing in your library matches “${escaped(query, 100)}”. \`/request\` can get it.`;
  return view(
    [
      found.titles.length > 0 ? `## In the library: “${escaped(query, 60)}”` : nothing,
      ...shown(found, mostCharacters),
      warnings(found.problems),
    ],
    found.posters,
  );
}

/** `/library recent`: the newest titles, and below them what the person can continue watching. */
export function libraryRecentView(found: Found, { begun, hint }: { begun: readonly Begun[]; hint: string }): View {
  const isJellyfins = found.titles.every(({ service }) => service === 'Jellyfin');
  const place = isJellyfins ? 'Jellyfin' : 'the library';
  const newest = found.titles.slice(0, 15);
  const watching = cut(
    begun.slice(0, 5).map((row) => listLine(row, true)),
    mostCharacters / 4,
  );
  return view(
    [
      found.titles.length > 0
        ? `## Recently added to ${place}`
        : found.problems.length > 0
          ? ''
          : 'Nothing has been added yet.',
      ...shown({ ...found, titles: newest, isTold: isJellyfins }, (mostCharacters * 3) / 4),
      watching === '' ? '' : `### Continue watching\n${watching}`,
      warnings(found.problems),
      hint === '' ? '' : `-# ${hint}`,
    ],
    found.posters,
  );
}

/** `/library playing`: who is watching what. */
export function libraryPlayingView({ sessions, more }: { sessions: readonly Session[]; more: number }): View {
  const lines = sessions.map((session) => {
    const how = [
      session.percent === null ? '' : `${session.percent} %`,
      session.device === null ? '' : escaped(session.device, 60),
      session.isTranscoding ? 'transcoding' : 'direct',
    ];
    const who = session.user === null ? 'Somebody' : escaped(session.user, 60);
    return `${session.isPaused ? '⏸️' : '▶️'} **${who}:** ${nameOf(session)}\n-# ${how.filter((part) => part !== '').join(' · ')}`;
  });
  const heading = lines.length === 0 ? 'Nobody is watching anything in Jellyfin now.' : '## Playing in Jellyfin';
  const rest = more > 0 ? `-# and ${more} more` : '';
  return view([heading, cut(lines, mostCharacters), rest], { addresses: new Map(), files: [] });
}

/** The rows with their pictures: one or two beside the text, more in one grid over the list. `isTold`: the heading names the service. */
function shown(
  { titles, posters, isTold = false }: Found & { isTold?: boolean },
  characters: number,
): (string | APIComponentInContainer)[] {
  if (posters.addresses.size > mostBeside) {
    const list = cut(
      titles.map((row) => listLine(row, isTold)),
      characters,
    );
    return [gallery(titles, posters), list];
  }
  const faces = titles.flatMap((row): APIComponentInContainer[] => {
    const url = posters.addresses.get(row);
    if (url === undefined) return [];
    const content = `**${nameOf(row)}**\n${factsOf(row, isTold)}`.trimEnd();
    const accessory = { type: ComponentType.Thumbnail as const, media: { url } };
    return [{ type: ComponentType.Section, components: [text(content)], accessory }];
  });
  const others = titles.filter((row) => !posters.addresses.has(row)).map((row) => listLine(row, isTold));
  return [...faces, cut(others, characters - faces.length * 250)];
}

/** The pictures in the order of the list, each with its title for whoever does not see it. */
function gallery(titles: readonly LibraryRow[], { addresses }: Posters): APIMediaGalleryComponent {
  const items = titles.flatMap((row) => {
    const url = addresses.get(row);
    return url === undefined ? [] : [{ media: { url }, description: plainName(row) }];
  });
  return { type: ComponentType.MediaGallery, items };
}

function plainName(row: Pick<LibraryRow, 'title' | 'year' | 'item'>): string {
  const { year } = row;
  return `${oneLine(rowTitle(row, sayInEnglish), 200) || 'Untitled'}${year === null ? '' : ` (${year})`}`;
}

function listLine(row: Begun & { service?: string }, isTold: boolean): string {
  const facts = factsOf(row, isTold);
  return `- **${nameOf(row)}**${facts === '' ? '' : ` · ${facts}`}`;
}

function nameOf(row: Pick<LibraryRow, 'title' | 'year' | 'item'>): string {
  const { year } = row;
  return `${escaped(rowTitle(row, sayInEnglish), 100) || 'Untitled'}${year === null ? '' : ` (${year})`}`;
}

function factsOf({ kind, state = null, service }: Begun & { service?: string }, isTold: boolean): string {
  return [kindWords[kind], rowStatus(state, sayInEnglish), isTold ? '' : service].filter((part) => part).join(' · ');
}

function warnings(problems: readonly string[]): string {
  return problems.map((problem) => `⚠️ ${problem}`).join('\n');
}

/** As many lines as fit, and how many did not. */
function cut(lines: readonly string[], characters: number): string {
  let room = characters;
  const fitting = lines.filter((line) => {
    room -= line.length + 1;
    return room >= 0;
  });
  const rest = lines.length - fitting.length;
  return [...fitting, ...(rest > 0 ? [`-# and ${rest} more`] : [])].join('\n');
}

function view(parts: readonly (string | APIComponentInContainer)[], { files }: Posters): View {
  const components = parts.flatMap((part) => (typeof part !== 'string' ? part : part === '' ? [] : text(part)));
  const words = components.flatMap(wordsOf).join('\n');
  return { message: { ...cardMessage(components), files }, words: `Shown: ${words.slice(0, 2000)}` };
}

function wordsOf(component: APIComponentInContainer): string[] {
  if (component.type === ComponentType.TextDisplay) return [component.content];
  return component.type === ComponentType.Section ? component.components.flatMap(wordsOf) : [];
}
