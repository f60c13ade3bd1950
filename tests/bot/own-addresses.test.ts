import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Message } from '../../playground/discord/state.ts';
import { startTestBot, type TestBot } from '../bot.ts';
import { engines, openTestDatabase } from '../database.ts';

const refused = /address belongs to the bot or its database, so nothing was sent there\. Set Radarr’s own address/;

/** The same place in other words: names, numbers and forms of the loopback. */
const spellings = [
  '127.0.0.1',
  'localhost',
  'LOCALHOST',
  '0x7f.0.0.1',
  '2130706433',
  '127.1',
  '[::ffff:127.0.0.1]',
  '[::1]',
];

describe('a person’s media server', () => {
  let test: TestBot;
  beforeAll(async () => {
    test = await startTestBot({ environment: { HTTP_PORT: '0' } });
  });
  afterAll(() => test.stop());
  const seen = (message: Message) => test.discord.render(message).replaceAll('\\', '');

  it.each(spellings)('is not the bot’s own HTTP port, written as %s', async (host) => {
    const ada = test.discord.person('Ada');
    const { port } = new URL(test.bot.httpAddress ?? '');
    for (const address of [`http://${host}:${port}`, `${host}:${port}`, `https://${host}:${port}/radarr`]) {
      const reply = seen(await test.setup.configure(ada, 'radarr', { address, secret: 'own-address-canary' }));
      expect(reply).toMatch(refused);
      expect(reply).not.toContain('[ Save anyway ]');
    }
    expect(seen(await ada.slash(ada.dm(), 'services list').reply())).toContain('No service is set up yet');
  });

  it('is refused when it becomes the bot’s own port after it was saved', async () => {
    const ada = test.discord.person('Ada');
    await test.setup.all(ada, 'radarr');
    const { port } = new URL(test.servers.radarr.url);
    await test.servers.radarr.stop();
    await test.restart({ HTTP_PORT: port });
    expect(seen(await ada.slash(ada.dm(), 'services test').reply())).toMatch(refused);
    expect(seen(await ada.slash(ada.dm(), 'status').reply())).toMatch(refused);
  });
});

describe.each(engines.filter((engine) => engine === 'postgres'))('a person’s media server on %s', (engine) => {
  it('is not the database', async () => {
    const database = await openTestDatabase(engine);
    const url = database.url ?? '';
    const environment = { POSTGRES_URL: url, ENCRYPTION_KEY: randomBytes(32).toString('base64') };
    const test = await startTestBot({ environment });
    try {
      const ada = test.discord.person('Ada');
      for (const host of spellings) {
        const typed = { address: `http://${host}:${new URL(url).port}`, secret: 'own-address-canary' };
        const reply = test.discord.render(await test.setup.configure(ada, 'radarr', typed));
        expect([host, reply.replaceAll('\\', '')]).toEqual([host, expect.stringMatching(refused)]);
      }
      await test.setup.all(ada, 'radarr');
    } finally {
      await test.stop();
      await database.close();
    }
  });
});
