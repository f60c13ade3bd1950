import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type PlaygroundModel, startModel } from '../../playground/model/start-model.ts';
import { startTestBot, type TestBot } from '../bot.ts';

let model: PlaygroundModel;
let test: TestBot;
beforeAll(async () => {
  model = await startModel();
  test = await startTestBot({
    environment: { OPENAI_BASE_URL: model.url, OPENAI_API_KEY: 'model-key-canary-4711', LOG_LEVEL: 'trace' },
  });
});
afterAll(async () => {
  await test.stop();
  await model.stop();
});

async function bytesOf(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const contents = await Promise.all(files.map((entry) => readFile(join(entry.parentPath, entry.name), 'latin1')));
  return contents.join('\n');
}

it('lets no key reach a log, a reply, the model, an error or the disk', async () => {
  const ada = test.discord.person('Ada');
  const wrong = 'wrong-key-canary-0815';
  await test.setup.configure(ada, 'radarr', { ...test.setup.typed('radarr'), secret: wrong });
  await test.setup.all(ada, 'radarr', 'sonarr', 'jellyfin', 'jellyseerr', 'qbittorrent');
  for (const fault of [
    { kind: 'hang' },
    { kind: 'reset' },
    { kind: 'status', status: 401 },
    { kind: 'html' },
  ] as const) {
    test.servers.radarr.faults.next(fault, { times: 20 });
    test.servers.qbittorrent.faults.next(fault, { times: 20 });
    await ada.slash(ada.dm(), 'services test').reply();
    ada.say(ada.dm(), 'what is downloading?');
    await ada.waitFor(ada.dm(), (message) => message.content.includes('qBittorrent'));
    test.servers.radarr.faults.clear();
    test.servers.qbittorrent.faults.clear();
  }
  ada.say(ada.dm(), 'can you get dune for me');
  const card = await ada.waitFor(ada.dm(), (message) => test.discord.render(message).includes('[ Request ]'));
  ada.press(card, 'Request');
  await ada.waitFor(ada.dm(), (message) => message.content.includes('Done: **Dune'));

  const { radarr, sonarr, jellyfin, jellyseerr, qbittorrent } = test.servers;
  const keys = [
    radarr.apiKey,
    sonarr.apiKey,
    jellyfin.apiKey,
    jellyseerr.apiKey,
    qbittorrent.password,
    wrong,
    'model-key-canary-4711',
    test.discord.token,
  ];
  await test.bot.stop();
  const places = {
    log: test.logged(),
    discord: JSON.stringify([...test.discord.state.messages.values(), ...test.discord.rest.journal]),
    model: JSON.stringify(model.requests()),
    disk: await bytesOf(test.folder.dataDir),
  };
  // The search itself must be able to find something.
  expect(places.disk).toContain('can you get dune for me');
  for (const [place, text] of Object.entries(places)) {
    expect(text.length).toBeGreaterThan(100);
    for (const key of keys) expect(text.includes(key), `${place} holds a key`).toBe(false);
  }
});
