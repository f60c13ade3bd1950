import type { APIComponentInContainer } from 'discord.js';
import type { Torrent } from '../../services/qbittorrent/torrents.ts';
import { pauseTorrents, resumeTorrents } from '../../tools/qbittorrent.ts';
import type { Stack } from '../../tools/stack.ts';
import { type CardTitle, choiceIsGone, defineCard } from './card.ts';
import { actionRow } from './controls.ts';
import { escaped } from './server-text.ts';
import { text, titleFace } from './title-face.ts';

const mostNamed = 10;

type Details = { title: CardTitle; torrents: Torrent[] };

/** The torrents that are meant, and what to call them in a heading. */
async function load(
  stack: Stack,
  { torrents: which }: { torrents: 'all' | readonly string[] },
  options: { signal: AbortSignal },
): Promise<Details> {
  const all = await stack.get('qbittorrent').torrents(options);
  const torrents = which === 'all' ? all : all.filter(({ hash }) => which.includes(hash));
  const [only] = torrents;
  const several = which === 'all' ? 'All torrents' : torrents.length === 0 ? 'Torrents' : `${torrents.length} torrents`;
  const title = which !== 'all' && torrents.length === 1 && only !== undefined ? only.name : several;
  return { title: { title, year: null, posterUrl: null }, torrents };
}

function render(callId: string, details: Details, action: string): APIComponentInContainer[] {
  const named = details.torrents.slice(0, mostNamed).map(({ name }) => `- ${escaped(name, 120)}`);
  const more = details.torrents.length - named.length;
  const lines = details.torrents.length === 1 ? [] : [...named, ...(more > 0 ? [`and ${more} more`] : [])];
  const isNothing = details.torrents.length === 0;
  return [
    ...titleFace(details.title, lines),
    ...(isNothing ? [text('There is none in qBittorrent any more.')] : []),
    actionRow(callId, action, { disabled: isNothing }),
  ];
}

export const pauseTorrentsCard = defineCard({
  input: pauseTorrents.input,
  words: { busy: 'Pausing…', server: 'qBittorrent' },
  load,
  prepare: (input) => input,
  render: ({ callId, details }) => render(callId, details, 'Pause'),
  change: choiceIsGone,
  remember: () => ({}),
});

export const resumeTorrentsCard = defineCard({
  input: resumeTorrents.input,
  words: { busy: 'Resuming…', server: 'qBittorrent' },
  load,
  prepare: (input) => input,
  render: ({ callId, details }) => render(callId, details, 'Resume'),
  change: choiceIsGone,
  remember: () => ({}),
});
