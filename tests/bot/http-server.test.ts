import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PlaygroundModel, startModel } from '../../playground/model/start-model.ts';
import { startTestBot, type TestBot } from '../bot.ts';

let test: TestBot;
let model: PlaygroundModel;
beforeAll(async () => {
  model = await startModel();
  test = await startTestBot({ environment: { HTTP_PORT: '0', OPENAI_BASE_URL: model.url } });
  await test.setup.all(test.discord.person('Ada'), 'radarr');
});
afterAll(async () => {
  await test.stop();
  await model.stop();
});

const get = async (path: string, method = 'GET') => {
  const reply = await fetch(`${test.bot.httpAddress}${path}`, { method });
  return { status: reply.status, text: await reply.text(), type: reply.headers.get('content-type') };
};

describe('health', () => {
  it('says that the process lives and is ready', async () => {
    expect(test.bot.httpAddress).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(await get('/healthz')).toMatchObject({ status: 200, text: 'ok\n' });
    expect(await get('/readyz')).toMatchObject({ status: 200, text: 'ok\n' });
    expect(await get('/other')).toMatchObject({ status: 404 });
    expect(await get('/metrics', 'POST')).toMatchObject({ status: 405 });
  });

  it('is not ready while Discord is away, and lives', async () => {
    test.discord.gateway.refuse = true;
    test.discord.gateway.drop();
    await expect.poll(async () => (await get('/readyz')).status, { timeout: 10_000 }).toBe(503);
    expect((await get('/readyz')).text).toBe('Discord is not connected\n');
    expect((await get('/healthz')).status).toBe(200);
    test.discord.gateway.refuse = false;
    await expect.poll(async () => (await get('/readyz')).status, { timeout: 30_000 }).toBe(200);
  });

  it('says in words that its port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const failing = startTestBot({ environment: { HTTP_PORT: String(port) } });
    await expect(failing).rejects.toThrow(/cannot listen on HTTP_HOST and HTTP_PORT \(EADDRINUSE\): set another port/);
    other.close();
  });
});

describe('metrics', () => {
  it('count acknowledgements, turns, tool calls and calls to servers, without a name or an id', async () => {
    const ada = test.discord.person('Ada');
    const channel = test.discord.channel('films');
    await ada.slash(channel, 'status').reply();
    ada.say(channel, 'search for dune', { mention: true });
    await ada.waitFor(channel, (message) => message.content.startsWith('I found'));
    test.servers.radarr.faults.next({ kind: 'status', status: 500 }, { times: 5 });
    await ada.slash(channel, 'request movie', { title: 'tmdb:603' }).reply();
    test.servers.radarr.faults.clear();
    const { text, type } = await get('/metrics');
    expect(type).toContain('text/plain');
    for (const line of [
      /^assistarr_acknowledgement_seconds_count\{kind="command"\} [1-9]/m,
      /^assistarr_turn_seconds_count\{outcome="answered"\} 1$/m,
      /^assistarr_tool_call_seconds_count\{tool="search_movies",service="radarr",outcome="succeeded"\} 1$/m,
      /^assistarr_tool_call_seconds_count\{tool="get_service_status",service="several",outcome="succeeded"\} 1$/m,
      /^assistarr_upstream_seconds_count\{service="radarr",outcome="ok"\} [1-9]/m,
      /^assistarr_upstream_seconds_count\{service="radarr",outcome="server_error"\} [1-9]/m,
      /^assistarr_running \d+$/m,
      /^process_resident_memory_bytes /m,
    ])
      expect(text).toMatch(line);
    for (const hidden of [ada.id, channel.id, 'Ada', test.servers.radarr.url, test.servers.radarr.apiKey])
      expect(text).not.toContain(hidden);
  });

  it('and the log identify one event by its id, from the command to the calls to servers', async () => {
    const ada = test.discord.person('Ada');
    const handle = ada.slash(ada.dm(), 'status');
    await handle.reply();
    const lines = test
      .logged()
      .split('\n')
      .filter((line) => line.includes(handle.interaction.id));
    expect(lines.some((line) => line.includes('"a media server was called"') && line.includes('/api/v3/'))).toBe(true);
    expect(lines.some((line) => line.includes('"a tool call ended"') && line.includes('get_service_status'))).toBe(
      true,
    );
    expect(lines.join()).not.toContain(test.servers.radarr.apiKey);
    expect(lines.join()).not.toContain(test.servers.radarr.url);
  });
});
