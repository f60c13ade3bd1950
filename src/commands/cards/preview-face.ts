import type { APIComponentInContainer } from 'discord.js';
import { sayInEnglish } from '../../messages.ts';
import type { CardTitle, Preview } from '../../tools/preview.ts';
import { statusWords } from '../../tools/title-list.ts';
import { pagesOf } from './choice-blocks.ts';
import { cutBetweenCharacters, escaped } from './server-text.ts';
import { aboutTitle, text, titleFace } from './title-face.ts';

/** Discord's limit for all texts of a message together. */
const mostCharacters = 4000;

const namesOnPage = 10;
const longestName = 120;
const longestFacts = 400;
const longestWords = 1200;

/** How many pages the names of what is meant have. */
export function pagesOfNames({ items = [] }: Preview): number {
  return pagesOf(items.length, namesOnPage);
}

/** The upper part of a card: what the press is about, one page of names, and what it will do. */
export function previewFace(preview: Preview & { title: CardTitle }, page: number): APIComponentInContainer[] {
  const { title, about, facts = '', items = [], lines } = preview;
  const top = [cutBetweenCharacters(facts, longestFacts), ...(about === undefined ? [] : aboutTitle(about))];
  const now = about === undefined ? [] : [`**Now:** ${statusWords(about, sayInEnglish)}`];
  const words = cutBetweenCharacters([...now, ...lines].join('\n'), longestWords);
  const below = words === '' ? [] : [text(words)];
  const from = page * namesOnPage;
  const shown = items.slice(from, from + namesOnPage);
  const where = items.length > shown.length ? `-# ${from + 1}–${from + shown.length} of ${items.length}` : '';
  const face = (names: readonly string[]) => [...titleFace(about ?? title, [...top, ...names, where]), ...below];
  if (shown.length === 0) return face([]);
  // A character that is escaped takes two.
  const room = Math.floor((mostCharacters - charactersOf(face([]))) / shown.length / 2) - 4;
  const longest = Math.min(longestName, room);
  return face(shown.map((name) => `- ${escaped(name, longest) || 'Untitled'}`));
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
