import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { type BotProcess, startBotProcess } from '../../playground/bot-process.ts';
import { type PlaygroundDiscord, startDiscord } from '../../playground/discord/start-discord.ts';
import { type PlaygroundServers, startServers } from '../../playground/servers/start-servers.ts';
import { shortLimits } from '../bot.ts';
import { copyDataFolder, type TestFolder } from '../database.ts';
import { extent } from '../extent.ts';
import { Setup } from '../setup-services.ts';

/** A library of 10,000 films, each as large as Radarr's own: about 5 KB. `npm test` has a fifth of it. */
const films = extent === 'few' ? 2000 : 10_000;
const mostMegabytes = 100;

let discord: PlaygroundDiscord;
let servers: PlaygroundServers;
let folder: TestFolder;
let bot: BotProcess;

beforeAll(async () => {
  [discord, servers, folder] = await Promise.all([
    startDiscord({ rateLimits: false, interactionMs: 60_000 }),
    startServers(),
    copyDataFolder(),
  ]);
  const ada = discord.person('Ada', { owner: true });
  bot = await startBotProcess(
    {
      DISCORD_TOKEN: discord.token,
      DISCORD_API_URL: discord.apiUrl,
      DATA_DIR: folder.dataDir,
      ...shortLimits,
      SERVICE_TIMEOUT_MS: '60000',
      AUTOCOMPLETE_TIMEOUT_MS: '2500',
    },
    { preload: fileURLToPath(new URL('./watch-thread.ts', import.meta.url)) },
  );
  await new Setup(discord, servers).all(ada, 'radarr');
});
afterAll(async () => {
  await bot.stop('SIGKILL');
  await Promise.all([discord.stop(), servers.stop()]);
  await folder.remove();
});

function film(id: number): string {
  return JSON.stringify({
    title: `Film number ${id}`,
    alternateTitles: Array.from({ length: 22 }, (_, index) => ({
      sourceType: 'tmdb',
      movieMetadataId: id,
      title: `Der Film mit der Nummer ${id}, Fassung ${index}: ein Name wie andere auch`,
      id: id * 22 + index,
    })),
    overview:
      'Somebody does something, and somebody else is against it until both see that it was for the best. '.repeat(6),
    images: ['poster', 'fanart'].map((coverType) => ({
      coverType,
      url: `/MediaCover/${id}/${coverType}.jpg?lastWrite=638000000000000000`,
      remoteUrl: `https://image.tmdb.org/t/p/original/${String(id).padStart(27, 'a')}.jpg`,
    })),
    year: 2000 + (id % 25),
    monitored: true,
    hasFile: true,
    movieFile: {
      movieId: id,
      relativePath: `Film number ${id} (2020) Bluray-1080p.mkv`,
      path: `/movies/Film number ${id} (2020)/Film number ${id} (2020) Bluray-1080p.mkv`,
      size: 12_345_678_901,
      languages: [{ id: 1, name: 'English' }],
      quality: { quality: { id: 7, name: 'Bluray-1080p', source: 'bluray', resolution: 1080, modifier: 'none' } },
      customFormats: Array.from({ length: 8 }, (_, index) => ({ id: index, name: `Custom format ${index}` })),
      mediaInfo: {
        audioCodec: 'DTS',
        subtitles: 'eng/ger/fre/spa/ita/por/dut/swe/nor/dan/fin'.repeat(3),
        runTime: '2:00:00',
      },
    },
    collection: { title: 'The Collection', tmdbId: id },
    statistics: { movieFileCount: 1, sizeOnDisk: 12_345_678_901, releaseGroups: ['GROUP'] },
    genres: ['Drama', 'Thriller'],
    ratings: { imdb: { votes: 1000, value: 7.1, type: 'user' }, tmdb: { votes: 500, value: 7.2, type: 'user' } },
    tmdbId: 100_000 + id,
    id,
  });
}

let bytes = 0;

function writeLibrary(response: ServerResponse): void {
  bytes = 0;
  response.writeHead(200, { 'content-type': 'application/json' });
  let id = 0;
  const more = () => {
    while (!response.destroyed && id < films) {
      id++;
      const piece = `${id === 1 ? '[' : ','}${film(id)}`;
      bytes += piece.length;
      if (!response.write(piece)) return void response.once('drain', more);
    }
    if (!response.destroyed) response.end(']');
  };
  more();
}

const megabytes = () =>
  process.platform === 'linux'
    ? Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${bot.process.pid}/status`, 'utf8'))?.[1]) / 1024
    : 0;

const keptSchema = z.object({
  longest: z.number(),
  usual: z.number(),
  processor: z.object({ longest: z.number(), usual: z.number(), total: z.number() }),
});

/** For how long the bot's thread was kept since it was asked before, in milliseconds. */
async function threadKept(): Promise<z.output<typeof keptSchema>> {
  const answer = once(bot.process, 'message');
  bot.process.send('how long?');
  const [said] = await answer;
  return keptSchema.parse(said);
}

/** Does something while memory is watched, and prints what it cost. */
async function measured<Result>(what: string, act: () => Promise<Result>): Promise<Result> {
  await threadKept();
  const before = megabytes();
  let most = before;
  const watch = setInterval(() => {
    most = Math.max(most, megabytes());
  }, 20);
  const begun = performance.now();
  try {
    return await act();
  } finally {
    clearInterval(watch);
    const ms = Math.round(performance.now() - begun);
    const { longest, usual, processor } = await threadKept();
    console.info(
      `${what}: ${Math.round(bytes / 1e6)} MB of ${films} films in ${ms} ms; the thread was kept ${Math.round(longest)} ms at most, 99 of 100 times no more than ${Math.round(usual)} ms; of its processor time, ${Math.round(processor.total)} ms, ${Math.round(processor.longest)} ms at most, 99 of 100 times no more than ${Math.round(processor.usual)} ms; memory ${Math.round(before)} MB before, at most ${Math.round(most)} MB`,
    );
    expect(most - before).toBeLessThanOrEqual(mostMegabytes);
  }
}

it(`a library of ${films} films is counted, searched and offered while typing`, async () => {
  const ada = discord.person('Ada');
  servers.radarr.faults.next({ kind: 'written', write: writeLibrary }, { match: /^GET \/api\/v3\/movie$/, times: 100 });
  const read = async (name: string, options: Record<string, string>) =>
    discord.render(await ada.slash(ada.dm(), name, options).reply(60_000));

  const tested = await measured('/services test', () => read('services test', { service: 'radarr' }));
  expect(tested).toContain(`${films} films`);
  expect(bytes).toBeGreaterThan(films * 4500);

  const found = await measured('/library search', () => read('library search', { query: 'number 1777' }));
  expect(found).toContain('Film number 1777');
  const more = await measured('/library search, again', () => read('library search', { query: 'number 1999' }));
  expect(more).toContain('Film number 1999');

  const typed = async () => {
    const choices = await ada.autocomplete(ada.dm(), 'library search', { query: 'number 1321' }, 'query');
    return choices.map(({ value }) => value);
  };
  await measured('typing', () => expect.poll(typed, { timeout: 60_000 }).toEqual(['Film number 1321']));
});
