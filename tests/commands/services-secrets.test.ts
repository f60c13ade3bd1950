import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Message } from '../../playground/discord/state.ts';
import { openDatabase } from '../../src/db/connection.ts';
import { getOrCreateCurrentChat } from '../../src/db/queries/chats.ts';
import { getRecentMessages } from '../../src/db/queries/messages.ts';
import { getServiceConfig } from '../../src/db/queries/service-configs.ts';
import { getUserByDiscordId } from '../../src/db/queries/users.ts';
import { startTestBot, type TestBot } from '../bot.ts';
import { startRoutes, startSecureServer } from '../services/loopback-server.ts';

let test: TestBot;
beforeAll(async () => {
  test = await startTestBot({
    environment: { ALLOWED_USERS: '*', SERVICE_ADDRESSES: 'private-allowed', SERVICE_TIMEOUT_MS: '5000' },
  });
});
afterAll(() => test.stop());

const seen = (message: Message) => test.discord.render(message).replaceAll('\\', '');

it('says how to trust one’s own certificate', async () => {
  await using server = await startSecureServer((_request, response) => response.end());
  const typed = { address: server.url, secret: 'certificate-canary-key' };
  const reply = await test.setup.configure(test.discord.person('Cert'), 'radarr', typed);
  expect(seen(reply)).toMatch(/certificate is not trusted[\s\S]*NODE_EXTRA_CA_CERTS/);
  expect(server.seen).toEqual([]);
});

it('lets no server write the key, markdown or mentions into a card', async () => {
  const secret = 'echoed-key-canary-99';
  await using server = await startRoutes({
    'GET /api/v3/system/status': () => ({ appName: 'Radarr', version: `5 ${secret} **@everyone** [x](http://evil)` }),
    'GET /api/v3/movie': () => [],
    'GET /api/v3/queue': () => ({ page: 1, pageSize: 1, totalRecords: 0, records: [] }),
  });
  const person = test.discord.person('Echo');
  const reply = await test.setup.configure(person, 'radarr', { address: server.url, secret });
  expect(seen(reply)).toContain('is set up');
  await person.slash(person.dm(), 'services test').reply();
  await person.slash(person.dm(), 'services list').reply();
  const everything = JSON.stringify([...test.discord.state.messages.values()]);
  expect(everything).not.toContain(secret);
  expect(everything).not.toContain('[x](');
  for (const message of person.sees(person.dm()).filter(({ authorId }) => authorId === test.discord.state.bot.id))
    expect(message.allowedMentions).toEqual({ parse: [] });
});

it('saves command and outcome without address and key, and the key as ciphertext', async () => {
  const person = test.discord.person('Saver');
  const typed = test.setup.typed('radarr');
  await test.setup.configure(person, 'radarr', { ...typed, secret: 'wrong-key-canary-20' });
  await test.setup.configure(person, 'radarr', typed);
  await person.slash(person.dm(), 'services test', { service: 'radarr' }).reply();
  await person.slash(person.dm(), 'services list').reply();
  await test.bot.stop();
  const opened = await openDatabase({ dataDir: test.folder.dataDir });
  try {
    const user = await getUserByDiscordId(opened.db, { discordId: person.id });
    if (user === null) throw new Error('the person was not saved');
    const place = { userId: user.id, channelId: person.dm().id, guildId: null };
    const chat = await getOrCreateCurrentChat(opened.db, place);
    const messages = await getRecentMessages(opened.db, { chatId: chat.id, limit: 50 });
    const said = messages.filter(({ role }) => role === 'user').map(({ parts }) => JSON.stringify(parts));
    expect(said.join('\n')).toMatch(
      /services configure service: radarr[\s\S]*services configure[\s\S]*services test service: radarr[\s\S]*services list/,
    );
    const answers = messages.filter(({ role }) => role === 'assistant').map(({ parts }) => JSON.stringify(parts));
    expect(answers.join('\n')).toMatch(/Not saved[\s\S]*was set up and works[\s\S]*answers[\s\S]*Shown: Radarr \(on\)/);
    const config = await getServiceConfig(opened.db, { userId: user.id, serviceName: 'radarr' });
    expect(config?.options.lastCheck).toMatchObject({ ok: true, version: expect.any(String) });
    const rows = JSON.stringify([messages, config]);
    for (const hidden of [typed.secret ?? '', 'wrong-key-canary-20']) expect(rows).not.toContain(hidden);
    expect(JSON.stringify(messages)).not.toContain(typed.address);
    const journal = JSON.stringify(test.discord.rest.journal);
    for (const hidden of [typed.secret ?? '', 'wrong-key-canary-20']) expect(journal).not.toContain(hidden);
  } finally {
    await opened.close();
    await test.restart();
  }
});
