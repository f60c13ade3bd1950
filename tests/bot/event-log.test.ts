import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { type PlaygroundModel, startModel } from '../../playground/model/start-model.ts';
import { startTestBot, type TestBot } from '../bot.ts';

let test: TestBot;
let model: PlaygroundModel;
beforeAll(async () => {
  model = await startModel();
  test = await startTestBot({ environment: { OPENAI_BASE_URL: model.url, SERVICE_TIMEOUT_MS: '5000' } });
  await test.setup.all(test.discord.person('Ada'), 'radarr');
});
afterAll(async () => {
  await test.stop();
  await model.stop();
});

const lineSchema = z.looseObject({ event: z.string().optional(), msg: z.string() });

/** What was logged of one event, as "message name", in order. */
function linesOf(event: string): z.infer<typeof lineSchema>[] {
  return test
    .logged()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => lineSchema.parse(JSON.parse(line)))
    .filter((line) => line.event === event);
}

it('one id goes through a message, its turn, the calls of tools and the calls to servers', async () => {
  const ada = test.discord.person('Ada');
  const said = ada.say(ada.dm(), 'can you get dune part two for me?');
  const card = await ada.waitFor(ada.dm(), (message) => test.discord.render(message).includes('[ Request ]'));
  await expect.poll(() => linesOf(said.id).map(({ msg }) => msg)).toContain('a message was handled');
  const lines = linesOf(said.id);
  expect(lines).toContainEqual(
    expect.objectContaining({ msg: 'a media server was called', service: 'radarr', method: 'GET', status: 200 }),
  );
  expect(lines).toContainEqual(
    expect.objectContaining({ msg: 'a tool call ended', toolName: 'search_movies', status: 'succeeded' }),
  );
  expect(lines).toContainEqual(expect.objectContaining({ msg: 'a turn was answered', waiting: 1 }));
  // What was looked for is the person's: it stands in a query, and no query is logged.
  expect(JSON.stringify(lines)).not.toMatch(/dune|term=|\?/i);

  const press = ada.press(card, 'Request').interaction.id;
  await ada.waitFor(ada.dm(), (message) => message.content.includes('Done: **Dune: Part Two'));
  await expect.poll(() => linesOf(press).map(({ msg }) => msg)).toContain('an interaction was handled');
  const pressed = linesOf(press);
  expect(pressed).toContainEqual(
    expect.objectContaining({ msg: 'a media server was called', method: 'POST', path: '/api/v3/movie', status: 201 }),
  );
  expect(pressed).toContainEqual(expect.objectContaining({ msg: 'a tool call ended', toolName: 'request_movie' }));
  // The conversation goes on behind the press, under its id.
  expect(pressed).toContainEqual(expect.objectContaining({ msg: 'a turn was answered', waiting: 0 }));
});

it('a failure is told under the id of its event', async () => {
  const ada = test.discord.person('Ada');
  test.servers.radarr.faults.next({ kind: 'status', status: 503 }, { times: 20 });
  const handle = ada.slash(ada.dm(), 'request movie', { title: 'tmdb:862' });
  await handle.reply();
  test.servers.radarr.faults.clear();
  expect(linesOf(handle.interaction.id)).toContainEqual(
    expect.objectContaining({ msg: 'a media server was called', status: 503, failure: 'server_error' }),
  );
  expect(test.logged()).not.toContain(test.servers.radarr.apiKey);
});
