import {
  type APIComponentInContainer,
  type APIMessageTopLevelComponent,
  type APITextDisplayComponent,
  ComponentType,
  MessageFlags,
} from 'discord.js';
import { messages, type Say } from '../../messages.ts';
import { namelessMessages, type Title } from '../../services/titles.ts';
import type { CardTitle } from '../../tools/preview.ts';
import { cutAtSentence } from './overview.ts';
import { escaped } from './server-text.ts';

export const faceMessages = messages('title_faces', {
  // With spaces at which a line does not end.
  minutes: '{rest}\u00a0min',
  hours: '{hours}\u00a0h',
  hoursAndMinutes: '{hours}\u00a0h\u00a0{rest}\u00a0min',
});

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
export function nameOf({ title, year }: Pick<CardTitle, 'title' | 'year'>, say: Say): string {
  return `${escaped(title, 150) || say(namelessMessages.title)}${year === null ? '' : ` (${year})`}`;
}

/** The title with its poster beside it, and further lines of text. */
export function titleFace(title: CardTitle, say: Say, lines: readonly string[]): APIComponentInContainer[] {
  const content = [`## ${nameOf(title, say)}`, ...lines.filter((line) => line !== '')].join('\n');
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
export function aboutTitle(title: Title, say: Say): string[] {
  const overview =
    title.overview === null ? '' : escaped(cutAtSentence(title.overview, longestOverview), longestOverview);
  const facts = factsOf(title, say);
  return [facts === '' ? '' : `-# ${facts}`, overview];
}

/** A space at which a line does not end: on a phone "★ 8.0" would be torn apart. */
const noBreak = '\u00a0';

/** "2 h 35 min · Drama, Adventure · ★ 7.8": only what is known. */
function factsOf({ runtimeMinutes, genres, rating }: Title, say: Say): string {
  const facts: string[] = [];
  if (runtimeMinutes !== null && runtimeMinutes > 0) facts.push(runtimeWords(Math.round(runtimeMinutes), say));
  const named = genres
    .slice(0, 4)
    .map((genre) => escaped(genre, 30))
    .filter((genre) => genre !== '');
  if (named.length > 0) facts.push(named.join(', '));
  if (rating !== null && rating > 0) facts.push(`★${noBreak}${rating.toFixed(1)}`);
  return facts.join(' · ');
}

function runtimeWords(minutes: number, say: Say): string {
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  if (hours === 0) return say(faceMessages.minutes, { rest });
  return rest === 0 ? say(faceMessages.hours, { hours }) : say(faceMessages.hoursAndMinutes, { hours, rest });
}

/** Only https, and none that carries a name or a key: Discord and everyone in the channel see it. */
export function publicPicture(address: string): string | null {
  const parsed = URL.parse(address);
  if (parsed?.protocol !== 'https:' || parsed.username !== '' || parsed.password !== '') return null;
  if (/api_?key|token/i.test(parsed.search) || parsed.href.length > longestAddress) return null;
  return parsed.href;
}
