import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BotProcess, startBotProcess } from '../../playground/bot-process.ts';
import type { Person } from '../../playground/discord/person.ts';
import { type PlaygroundDiscord, startDiscord } from '../../playground/discord/start-discord.ts';
import { type PlaygroundModel, startModel } from '../../playground/model/start-model.ts';
import { type PlaygroundServers, startServers } from '../../playground/servers/start-servers.ts';
import { isAlone } from '../alone.ts';
import { shortLimits } from '../bot.ts';
import { copyDataFolder, type TestFolder } from '../database.ts';
import { extent, sampleOf } from '../extent.ts';
import { Setup } from '../setup-services.ts';
import { type Owner, type Place, places, type Service, services } from './places.ts';
import { type HostileReply, hostileReplies } from './replies.ts';

/**
 * Hostile replies of media servers, in a bot that is a process of its own: it lives, its memory stays, and somebody else's
 * commands are acknowledged meanwhile. `npm test` tries each reply once, the services and places in turn, `.ci/run` a part
 * of the places with every service.
 */
const sampledShare = 0.3;
const mostMegabytes = 100;
/** Beside other tests: half of what Discord waits. */
const mostAcknowledgeMs = isAlone ? 500 : 1500;

let discord: PlaygroundDiscord;
let servers: PlaygroundServers;
let model: PlaygroundModel;
let folder: TestFolder;
let bot: BotProcess;
let setup: Setup;
let owners: Owner[];
let bystander: Person;
/** Before the first hostile reply. */
let before: number;
let peak = 0;
const acknowledgements: number[] = [];

beforeAll(async () => {
  [discord, servers, model, folder] = await Promise.all([
    startDiscord({ rateLimits: false, interactionMs: 60_000 }),
    startServers(),
    startModel(),
    copyDataFolder(),
  ]);
  discord.person('Ada', { owner: true });
  bystander = discord.person('Bob');
  owners = services.map((service) => {
    const person = discord.person(`Owner of ${service}`);
    return { service, person, channel: person.dm() };
  });
  bot = await startBotProcess({
    DISCORD_TOKEN: discord.token,
    DISCORD_API_URL: discord.apiUrl,
    DATA_DIR: folder.dataDir,
    OPENAI_BASE_URL: model.url,
    ALLOWED_USERS: [bystander, ...owners.map(({ person }) => person)].map(({ id }) => id).join(','),
    TURNS_PER_HOUR: '100000',
    ...shortLimits,
    SERVICE_TIMEOUT_MS: '1500',
  });
  setup = new Setup(discord, servers);
  for (const { person, service } of owners) await setup.all(person, service);
  // Once through everything, so that what a bot loads with the first use of it is there.
  for (const place of places) await attempt(place, owners);
  before = megabytes();
});
afterAll(async () => {
  await bot.stop('SIGKILL');
  await Promise.all([discord.stop(), servers.stop(), model.stop()]);
  await folder.remove();
});

/** What the process has in memory now. Elsewhere than on Linux nothing tells it so cheaply, and 0 is given. */
function megabytes(): number {
  if (process.platform !== 'linux') return 0;
  const status = readFileSync(`/proc/${bot.process.pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
}

async function attempt(place: Place, of: readonly Owner[]): Promise<void> {
  const said = await Promise.all(of.map((owner) => place.run(owner, { discord, setup })));
  for (const words of said) expect(words).not.toMatch(/undefined|\bnull\b|NaN|\[object|Error:|at \w+ \(/);
}

/** How long the slowest of somebody else's commands waited for its acknowledgement while `work` went on. */
async function slowestMeanwhile(work: Promise<unknown>): Promise<number> {
  let isOver = false;
  const over = work.finally(() => {
    isOver = true;
  });
  let slowest = 0;
  while (!isOver) {
    const begun = performance.now();
    await bystander.slash(bystander.dm(), 'help').acknowledged();
    slowest = Math.max(slowest, performance.now() - begun);
    peak = Math.max(peak, megabytes());
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await over;
  return slowest;
}

async function tryOnce(reply: HostileReply, place: Place, of: readonly Owner[]): Promise<number> {
  for (const { service } of of) {
    servers[service].faults.next({ kind: 'written', write: reply.write }, { times: 1000 });
  }
  try {
    return await slowestMeanwhile(attempt(place, of));
  } finally {
    for (const { service } of of) servers[service].faults.clear();
  }
}

/** A machine that is busy with other things may hold the bot up once; a bot that is kept busy is so each time. */
async function expectToHold(reply: HostileReply, place: Place, of: readonly Owner[]): Promise<void> {
  let slowest = 0;
  for (let tries = 1; tries <= 3; tries++) {
    slowest = await tryOnce(reply, place, of);
    expect(bot.process.exitCode, bot.output()).toBeNull();
    expect(bot.process.signalCode, bot.output()).toBeNull();
    if (slowest <= mostAcknowledgeMs) break;
  }
  acknowledgements.push(slowest);
  expect(slowest).toBeLessThanOrEqual(mostAcknowledgeMs);
  expect(megabytes() - before).toBeLessThanOrEqual(mostMegabytes);
}

function placesFor(name: string, index: number): readonly Place[] {
  if (extent === 'all') return places;
  if (extent === 'sample') return sampleOf(places, sampledShare, (place) => `${name} ${place.name}`);
  return places.filter((_, at) => at === index % places.length);
}

function ownerOf(service: Service): Owner {
  const owner = owners.find((candidate) => candidate.service === service);
  if (owner === undefined) throw new Error(`nobody has ${service}`);
  return owner;
}

describe.each(hostileReplies.map((reply, index) => ({ ...reply, index })))('$name', ({ index, ...reply }) => {
  const chosen = placesFor(reply.name, index);
  // In turn: after twenty replies each service was tried at each place.
  const of =
    extent === 'few'
      ? services.filter((_, at) => at === Math.floor(index / places.length) % services.length)
      : services;
  it.each(chosen.map((place) => ({ ...place, of: of.length === 1 ? of[0] : 'all' })))('$name: $of', (place) =>
    expectToHold(reply, place, of.map(ownerOf)));
});

describe('one person', () => {
  it('who types much, of a server that answers each key with 20 MB, keeps nobody waiting', async () => {
    const reply = hostileReplies.find(({ name }) => name.includes('titles without an end')) ?? fail();
    const keys: Place = {
      name: 'thirteen keys',
      run: async (owner, stage) => {
        const all = Array.from({ length: 13 }, () => places.find(({ name }) => name === 'autocomplete') ?? fail());
        return (await Promise.all(all.map((place) => place.run(owner, stage)))).join('\n');
      },
    };
    await expectToHold(reply, keys, [ownerOf('radarr'), ownerOf('sonarr')]);
  });
});

describe('afterwards', () => {
  it('every server works as before, and memory has come back', async () => {
    for (const place of places) await attempt(place, owners);
    const [status] = await Promise.all(
      owners.map(async ({ person, channel }) => discord.render(await person.slash(channel, 'status').reply())),
    );
    expect(status).toContain('✅');
    await expect.poll(megabytes, { timeout: 30_000, interval: 500 }).toBeLessThanOrEqual(before + mostMegabytes);
    const sorted = acknowledgements.toSorted((one, other) => one - other);
    console.info(
      `${acknowledgements.length} hostile attempts: the slowest acknowledgement of somebody else's command ${Math.round(sorted.at(-1) ?? 0)} ms (median of the slowest of each ${Math.round(sorted[sorted.length >> 1] ?? 0)} ms); memory ${Math.round(before)} MB before, at most ${Math.round(peak)} MB, ${Math.round(megabytes())} MB after`,
    );
    expect(peak - before).toBeLessThanOrEqual(mostMegabytes);
  });
});

function fail(): never {
  throw new Error('the list does not have that');
}
