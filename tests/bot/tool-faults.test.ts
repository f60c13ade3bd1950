import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type PlaygroundModel, startModel } from '../../playground/model/start-model.ts';
import type { Fault } from '../../playground/servers/faults.ts';
import { startTestBot, type TestBot } from '../bot.ts';

let model: PlaygroundModel;
let test: TestBot;
beforeAll(async () => {
  model = await startModel();
  test = await startTestBot({ environment: { OPENAI_BASE_URL: model.url, MODEL_TIMEOUT_MS: '5000' } });
  await test.setup.all(test.discord.person('Ada'), 'radarr');
});
afterAll(async () => {
  await test.stop();
  await model.stop();
});
beforeEach(() => test.servers.radarr.faults.clear());

describe('a look-up of the model that fails names the service and the reason', () => {
  const faults: [string, Fault, RegExp][] = [
    ['unauthorised', { kind: 'status', status: 401 }, /Radarr does not accept/],
    ['forbidden', { kind: 'status', status: 403 }, /Radarr does not allow/],
    ['not found', { kind: 'status', status: 404 }, /Radarr/],
    ['too many requests', { kind: 'status', status: 429 }, /Radarr gets too many|too many requests/],
    ['server error', { kind: 'status', status: 500 }, /Radarr has an error/],
    ['timed out', { kind: 'hang' }, /Radarr did not answer in time/],
    ['reset', { kind: 'reset' }, /Radarr/],
    ['a web page', { kind: 'html' }, /Radarr/],
    ['cut JSON', { kind: 'cut-json' }, /Radarr/],
    ['too large', { kind: 'huge' }, /Radarr/],
    ['redirected', { kind: 'redirect', to: 'http://169.254.169.254/' }, /Radarr/],
  ];
  it.each(faults)('%s', async (name, fault, words) => {
    const ada = test.discord.person('Ada');
    const channel = test.discord.channel(name.replaceAll(' ', '-'));
    test.servers.radarr.faults.next(fault, { times: 20 });
    ada.say(channel, 'search for dune', { mention: true });
    const answer = await ada.waitFor(channel, (message) => message.content !== '' && !message.content.startsWith('-#'));
    expect(answer.content).toMatch(words);
    test.servers.radarr.faults.clear();
    ada.say(channel, 'search for dune', { mention: true });
    await ada.waitFor(channel, (message) => message.content.startsWith('I found: Dune (2021)'));
  });
});
