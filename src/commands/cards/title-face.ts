import {
  type APIComponentInContainer,
  type APIMessageTopLevelComponent,
  type APITextDisplayComponent,
  ComponentType,
  MessageFlags,
} from 'discord.js';
import type { Title } from '../../services/titles.ts';
import type { CardTitle } from '../../tools/preview.ts';
import { cutAtSentence } from './overview.ts';
import { escaped } from './server-text.ts';

/** Six lines beside the poster on a phone. */
const longestOverview = 200;
/** Discord's limit for the address of a picture. */
const longestAddress = 2048;

/** A Components V2 message that pings no one. */
export type CardMessage = {
  components: APIMessageTopLevelComponent[];
  flags: MessageFlags.IsComponentsV2;
  allowedMentions: { parse: [] };
};

/** One box of components as a message. */
export function cardMessage(components: APIComponentInContainer[]): CardMessage {
  return {
    components: [{ type: ComponentType.Container, components }],
    flags: MessageFlags.IsComponentsV2,
    allowedMentions: { parse: [] },
  };
}

export function text(content: string): APITextDisplayComponent {
  return { type: ComponentType.TextDisplay, content };
}

/** "Dune (2021)", safe to write into a message. */
export function nameOf({ title, year }: Pick<CardTitle, 'title' | 'year'>): string {
  return `${escaped(title, 150) || 'Untitled'}${year === null ? '' : ` (${year})`}`;
}

/** The title with its poster beside it, and further lines of text. */
export function titleFace(title: CardTitle, lines: readonly string[]): APIComponentInContainer[] {
  const content = [`## ${nameOf(title)}`, ...lines.filter((line) => line !== '')].join('\n');
  const address = title.posterUrl === null ? null : publicPicture(title.posterUrl);
  if (address === null) return [text(content)];
  return [
    {
      type: ComponentType.Section,
      components: [text(content)],
      accessory: { type: ComponentType.Thumbnail, media: { url: address } },
    },
  ];
}

/** What a title is: "2 h 35 min · Drama · ★ 7.8", and the beginning of its plot. Empty where it is not known. */
export function aboutTitle(title: Title): string[] {
  const overview =
    title.overview === null ? '' : escaped(cutAtSentence(title.overview, longestOverview), longestOverview);
  const facts = factsOf(title);
  return [facts === '' ? '' : `-# ${facts}`, overview];
}

/** A space at which a line does not end: on a phone "★ 8.0" would be torn apart. */
const noBreak = '\u00a0';

/** "2 h 35 min · Drama, Adventure · ★ 7.8": only what is known. */
function factsOf({ runtimeMinutes, genres, rating }: Title): string {
  const facts: string[] = [];
  if (runtimeMinutes !== null && runtimeMinutes > 0) facts.push(runtimeWords(Math.round(runtimeMinutes)));
  const named = genres
    .slice(0, 4)
    .map((genre) => escaped(genre, 30))
    .filter((genre) => genre !== '');
  if (named.length > 0) facts.push(named.join(', '));
  if (rating !== null && rating > 0) facts.push(`★${noBreak}${rating.toFixed(1)}`);
  return facts.join(' · ');
}

function runtimeWords(minutes: number): string {
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  if (hours === 0) return `${rest}${noBreak}min`;
  return rest === 0 ? `${hours}${noBreak}h` : `${hours}${noBreak}h${noBreak}${rest}${noBreak}min`;
}

/** Only https, and none that carries a name or a key: Discord and everyone in the channel see it. */
export function publicPicture(address: string): string | null {
  const parsed = URL.parse(address);
  if (parsed?.protocol !== 'https:' || parsed.username !== '' || parsed.password !== '') return null;
  if (/api_?key|token/i.test(parsed.search) || parsed.href.length > longestAddress) return null;
  return parsed.href;
}
