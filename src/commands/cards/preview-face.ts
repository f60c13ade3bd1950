import type { APIComponentInContainer } from 'discord.js';
import { messages, type Say } from '../../messages.ts';
import { namelessMessages } from '../../services/titles.ts';
import type { CardTitle, Preview } from '../../tools/preview.ts';
import { statusWords } from '../../tools/title-list.ts';
import { pagesOf } from './choice-blocks.ts';
import { cutBetweenCharacters, escaped } from './server-text.ts';
import { aboutTitle, text, titleFace } from './title-face.ts';

/** Discord's limit for all texts of a message together. */
const mostCharacters = 4000;

export const previewMessages = messages('previews', {
  now: '**Now:** {status}',
  range: '-# {from, number, ::group-off}–{to, number, ::group-off} of {all, number, ::group-off}',
});

const namesOnPage = 10;
const longestName = 120;
const longestFacts = 400;
const longestWords = 1200;

/** How many pages the names of what is meant have. */
export function pagesOfNames({ items = [] }: Preview): number {
  return pagesOf(items.length, namesOnPage);
}

/** The upper part of a card: what the press is about, one page of names, and what it will do. */
export function previewFace(
  preview: Preview & { title: CardTitle },
  { page, say }: { page: number; say: Say },
): APIComponentInContainer[] {
  const { title, about, facts = '', items = [], lines } = preview;
  const top = [escaped(facts, longestFacts), ...(about === undefined ? [] : aboutTitle(about, say))];
  const now = about === undefined ? [] : [say(previewMessages.now, { status: statusWords(about, say) })];
  const words = cutBetweenCharacters([...now, ...lines].join('\n'), longestWords);
  const below = words === '' ? [] : [text(words)];
  const from = page * namesOnPage;
  const shown = items.slice(from, from + namesOnPage);
  const range = { from: from + 1, to: from + shown.length, all: items.length };
  const where = items.length > shown.length ? say(previewMessages.range, range) : '';
  const face = (names: readonly string[]) => [...titleFace(about ?? title, say, [...top, ...names, where]), ...below];
  if (shown.length === 0) return face([]);
  // A character that is escaped takes two.
  const room = Math.floor((mostCharacters - charactersOf(face([]))) / shown.length / 2) - 4;
  const longest = Math.min(longestName, room);
  return face(shown.map((name) => `- ${escaped(name, longest) || say(namelessMessages.title)}`));
}

/** The characters of all texts, as Discord counts them at most. */
function charactersOf(components: readonly object[]): number {
  let sum = 0;
  for (const component of components) {
    if ('content' in component && typeof component.content === 'string') sum += component.content.length;
    if ('components' in component && Array.isArray(component.components)) sum += charactersOf(component.components);
  }
  return sum;
}
