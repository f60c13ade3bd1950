import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Person } from '../../playground/discord/person.ts';
import type { Message } from '../../playground/discord/state.ts';
import { type PlaygroundModel, startModel } from '../../playground/model/start-model.ts';
import { beginDownload } from '../../playground/servers/arr.ts';
import { patientTalk, startTestBot, type TestBot } from '../bot.ts';

const radarrs = 'remove Blade Runner from the queue';
const isRemoval = /DELETE/;

let model: PlaygroundModel;
let test: TestBot;
let ada: Person;
let asItWas: { radarr: object; sonarr: object };
beforeAll(async () => {
  model = await startModel();
  const environment = { ...patientTalk.environment, OPENAI_BASE_URL: model.url, SERVICE_TIMEOUT_MS: '5000' };
  test = await startTestBot({ ...patientTalk, environment });
  ada = test.discord.person('Ada');
  await test.setup.all(ada, 'radarr', 'sonarr', 'qbittorrent');
  const { radarr, sonarr } = test.servers;
  asItWas = structuredClone({ radarr: radarr.state, sonarr: sonarr.state });
});
afterAll(async () => {
  await test.stop();
  await model.stop();
});
beforeEach(() => {
  const { radarr, sonarr } = test.servers;
  Object.assign(radarr.state, structuredClone(asItWas.radarr));
  Object.assign(sonarr.state, structuredClone(asItWas.sonarr));
  for (const server of [radarr, sonarr]) {
    server.faults.clear();
    server.journal.length = 0;
  }
});

const read = (message: Message) =>
  test.discord.render(test.discord.state.messages.get(message.id) ?? message).replaceAll('\\', '');
const removals = (service: 'radarr' | 'sonarr') =>
  test.servers[service].journal.filter(({ method }) => method === 'DELETE').map(({ path }) => path);
const inQbittorrent = async () =>
  read(await ada.slash(test.discord.channel('torrents'), 'downloads').reply()).includes('Blade.Runner');

/** Says it in a channel of its own and waits for the card. */
async function cardAfter(sentence: string): Promise<Message> {
  const channel = test.discord.channel(`c${test.discord.state.channels.size}`);
  ada.say(channel, sentence, { mention: true });
  return ada.waitFor(channel, (message) => read(message).includes('[ Remove from the queue ]'));
}

/** Presses a switch of the card and waits until it says so. */
async function choose(card: Message, label: string, fits: RegExp): Promise<void> {
  await ada.press(card, label).acknowledged();
  await test.discord.until(() => fits.test(read(card)));
}

async function remove(card: Message, fits: RegExp, person = ada): Promise<void> {
  await person.press(card, 'Remove from the queue').acknowledged();
  await test.discord.until(() => fits.test(read(card)));
}

/** A season that came as one download: Sonarr's queue has an item for each episode. */
function beginSeason(): void {
  const { state } = test.servers.sonarr;
  beginDownload(state, { titleId: 2, title: 'Breaking.Bad.S03.1080p', size: 30e9, seasonNumber: 3, episodeNumber: 1 });
  const [first] = state.downloads;
  if (first === undefined) throw new Error('it has not begun');
  for (const episodeNumber of [2, 3]) state.downloads.push({ ...first, id: first.id + episodeNumber, episodeNumber });
}

describe('a film in the queue', () => {
  it('is removed with its files by a press, and from nowhere before', async () => {
    const card = await cardAfter(radarrs);
    expect(read(card)).toMatch(/Blade\.Runner\.2049\.2017\.1080p[\s\S]*43 % · downloading/);
    expect(read(card)).toContain('deletes it from the download client with its files');
    expect(read(card)).toContain('Radarr may get the same release again');
    expect(read(card)).not.toContain('Search again');
    expect(removals('radarr')).toEqual([]);
    await remove(card, /🗑️ Removed from Radarr’s queue and deleted from the download client\./);
    expect(removals('radarr')).toEqual(['/api/v3/queue/1?removeFromClient=true&blocklist=false&skipRedownload=false']);
    expect(test.servers.radarr.state).toMatchObject({ downloads: [], blocklist: [], commands: [] });
    expect(await inQbittorrent()).toBe(false);
  });

  it('stays in the download client when the person wants it to', async () => {
    const card = await cardAfter(radarrs);
    await choose(card, 'Delete the download: on', /The download client keeps it, and Radarr will not import it/);
    await remove(card, /🗑️ Removed from Radarr’s queue\./);
    expect(removals('radarr')).toEqual(['/api/v3/queue/1?removeFromClient=false&blocklist=false&skipRedownload=false']);
    expect(await inQbittorrent()).toBe(true);
  });

  it('goes on the blocklist, and another one is looked for, which then comes', async () => {
    const card = await cardAfter('blocklist the download of Blade Runner');
    expect(read(card)).toMatch(/goes on the blocklist[\s\S]*Then Radarr looks for another release\./);
    await remove(card, /on the blocklist\. Radarr is looking for another one\./);
    const { state } = test.servers.radarr;
    expect(state).toMatchObject({ blocklist: ['Blade.Runner.2049.2017.1080p'], commands: [{ name: 'MoviesSearch' }] });
    test.servers.radarr.tick(0);
    expect(state.downloads.map(({ titleId }) => titleId)).toEqual([4]);
  });

  it('is not searched for again when the person does not want it', async () => {
    const card = await cardAfter(radarrs);
    await choose(card, 'Blocklist the release: off', /Then Radarr looks for another release/);
    await choose(card, 'Search again: on', /Radarr does not look for another release now/);
    await remove(card, /That release is on the blocklist\.(?! Radarr)/);
    expect(removals('radarr')).toEqual(['/api/v3/queue/1?removeFromClient=true&blocklist=true&skipRedownload=true']);
    expect(test.servers.radarr.state.commands).toEqual([]);
  });

  it('is not said to be searched for where Radarr is set not to', async () => {
    test.servers.radarr.state.autoRedownloadFailed = false;
    const card = await cardAfter('blocklist the download of Blade Runner');
    expect(read(card)).toContain('Radarr is set not to look for another release by itself');
    expect(read(card)).not.toContain('Search again');
    await remove(card, /That release is on the blocklist\.(?! Radarr)/);
  });

  it('that was held back and has not begun has no download to delete', async () => {
    test.servers.radarr.faults.next(
      {
        kind: 'rewritten',
        rewrite: (body) => JSON.parse(JSON.stringify(body).replaceAll(/"downloadId":"\w+"/g, '"downloadId":null')),
      },
      { match: /GET \/api\/v3\/queue/, times: 20 },
    );
    const card = await cardAfter(radarrs);
    expect(read(card)).toContain('Takes it out of Radarr’s queue before it is downloaded.');
    expect(read(card)).not.toContain('Delete the download');
    await remove(card, /🗑️ Removed from Radarr’s queue\./);
  });

  it('that is gone by then is told to be, and nothing is asked of Radarr', async () => {
    const card = await cardAfter(radarrs);
    test.servers.radarr.state.downloads = [];
    await remove(card, /It was gone from Radarr’s queue already\./);
    expect(removals('radarr')).toEqual([]);
  });

  it('that goes while it is being removed is told to be gone too', async () => {
    const card = await cardAfter(radarrs);
    const { faults } = test.servers.radarr;
    faults.next({ kind: 'status-after-effect', status: 404 }, { match: isRemoval });
    await remove(card, /It was gone from Radarr’s queue already\./);
  });

  it.each(['reset-after-effect', 'hang-after-effect'] as const)('is found to be removed after %s', async (kind) => {
    const card = await cardAfter(radarrs);
    test.servers.radarr.faults.next({ kind }, { match: isRemoval });
    await remove(card, /The answer was lost, but Radarr did it/);
    expect(removals('radarr')).toHaveLength(1);
  });

  it('is found not to be removed when the connection broke before', async () => {
    const card = await cardAfter(radarrs);
    test.servers.radarr.faults.next({ kind: 'reset' }, { match: isRemoval });
    await remove(card, /\[ Try again \]/);
    expect(test.servers.radarr.state.downloads).toHaveLength(1);
  });

  it('is removed by nobody but the person who asked', async () => {
    const card = await cardAfter(radarrs);
    const bob = test.discord.person('Bob');
    await test.setup.all(bob, 'radarr');
    await bob.press(card, 'Remove from the queue').acknowledged();
    const channel = [...test.discord.state.channels.values()].find(({ id }) => id === card.channelId);
    if (channel === undefined) throw new Error('the channel is gone');
    await bob.waitFor(channel, (message) => read(message).includes('belongs to someone else'));
    expect(removals('radarr')).toEqual([]);
    expect(test.servers.radarr.state.downloads).toHaveLength(1);
  });

  it('stays when Radarr does not allow it, and the person is told', async () => {
    const card = await cardAfter(radarrs);
    test.servers.radarr.faults.next({ kind: 'status', status: 403 }, { match: isRemoval });
    await remove(card, /Radarr does not allow this/);
    expect(test.servers.radarr.state.downloads).toHaveLength(1);
  });
});

it('removes a season that comes as one download with all of its episodes, by one press', async () => {
  beginSeason();
  const card = await cardAfter('remove Breaking Bad from the queue');
  expect(read(card)).toContain('season 3 · 3 episodes');
  expect(read(card)).toContain('This is one download with 3 episodes. All of them are removed.');
  await remove(card, /Removed from Sonarr’s queue and deleted from the download client\. All 3 episodes/);
  expect(removals('sonarr')).toHaveLength(1);
  expect(removals('radarr')).toEqual([]);
  expect(test.servers.sonarr.state.downloads).toEqual([]);
});
