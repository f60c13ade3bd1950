import { afterAll, afterEach } from 'vitest';
import { type Exchange, exchanges } from '../../playground/exchanges.ts';
import { ApiDocument } from './api-document.ts';
import { documentsAreThere } from './read-document.ts';

/**
 * Where Radarr's and Sonarr's documents are known to be short: what is made answers 201 and what is changed 202, shaped as the 200
 * that they name, and a command takes fields of its own beside those that all commands have.
 */
const arrGaps = { likeOk: [201, 202], openPaths: ['/api/v3/command'] };

/**
 * Seerr's document leaves out of its media what it holds of seasons, 4K and downloads, of a request its kind and seasons, the
 * public settings but for one, and the reply when nothing is left to ask for.
 */
const seerrGaps = {
  prefix: '/api/v1',
  openPaths: [
    '/search',
    '/movie/{movieId}',
    '/tv/{tvId}',
    '/request',
    '/request/{requestId}',
    '/request/{requestId}/{status}',
    '/settings/public',
  ],
  unlisted: [202],
};

/** Discord's document shows the codes inside of a refusal as numbers and wants a list at each level: they are names, at the leaves. */
const discordGaps = { refusalField: 'errors' };

/** The documents of each server; Jellyfin's two are both in use. qBittorrent has none: the real one is asked instead. */
const documents: Partial<Record<Exchange['server'], () => ApiDocument[]>> = {
  radarr: once(() => [new ApiDocument('radarr-openapi.json', arrGaps)]),
  sonarr: once(() => [new ApiDocument('sonarr-openapi.json', arrGaps)]),
  jellyseerr: once(() => [new ApiDocument('seerr-api.yml', seerrGaps)]),
  jellyfin: once(() => [
    new ApiDocument('jellyfin-10.11.11-openapi.json'),
    new ApiDocument('jellyfin-12.0.0-openapi.json'),
  ]),
  discord: once(() => [new ApiDocument('discord-openapi.json', discordGaps)]),
};

const waiting: Exchange[] = [];
let isHostile = false;

/** For a test in which a server answers on purpose what no real one would: its exchanges are not checked. */
export function serverIsHostile(): void {
  isHostile = true;
}

// Every request that the bot makes in any test, and every reply of the playground, is checked against the official documents.
if (documentsAreThere) {
  exchanges.subscribe((message) => {
    if (isExchange(message)) waiting.push(message);
  });
  afterEach(check);
  afterAll(check);
}

function check(): void {
  const faults = new Set<string>();
  for (const exchange of waiting.splice(0)) {
    if (isQuestionOfAnother(exchange)) continue;
    for (const document of documents[exchange.server]?.() ?? []) {
      for (const fault of document.mismatches(exchange)) faults.add(fault);
    }
  }
  const isMeant = isHostile;
  isHostile = false;
  if (faults.size > 0 && !isMeant) throw new Error(`Not as the official API documents say:\n${[...faults].join('\n')}`);
}

/** What is asked to find out which service answers at an address: questions of the other services, and pages for people. */
function isQuestionOfAnother({ path, server, reply }: Exchange): boolean {
  const asksAnother = Object.entries(identifyingPaths).some(([name, asked]) => name !== server && path === asked);
  return asksAnother || path === '/' || path === '/login' || (typeof reply === 'string' && reply.startsWith('<'));
}

const identifyingPaths: Record<Exchange['server'], string> = {
  radarr: '/api/v3/system/status',
  sonarr: '/api/v3/system/status',
  jellyfin: '/System/Info/Public',
  jellyseerr: '/api/v1/status',
  qbittorrent: '/api/v2/auth/login',
  discord: '/gateway',
};

function isExchange(message: unknown): message is Exchange {
  return typeof message === 'object' && message !== null && 'server' in message;
}

function once<Made>(make: () => Made): () => Made {
  let made: Made | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
