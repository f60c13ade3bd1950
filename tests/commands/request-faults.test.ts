import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Person } from '../../playground/discord/person.ts';
import type { Fault } from '../../playground/servers/faults.ts';
import { startTestBot, type TestBot } from '../bot.ts';

let test: TestBot;
let ada: Person;
beforeAll(async () => {
  test = await startTestBot();
  ada = test.discord.person('Ada');
  await test.setup.all(ada, 'radarr', 'sonarr');
});
afterAll(() => test.stop());
beforeEach(() => {
  test.servers.radarr.faults.clear();
  test.servers.sonarr.faults.clear();
});

const faults: [string, Fault, RegExp][] = [
  ['an unknown key', { kind: 'status', status: 401 }, /does not accept the key/],
  ['a refusal', { kind: 'status', status: 403 }, /Radarr|Sonarr/],
  ['a missing URL base', { kind: 'status', status: 404 }, /Radarr|Sonarr/],
  ['an error of its own', { kind: 'status', status: 500 }, /HTTP 500/],
  ['a web page', { kind: 'html' }, /Radarr|Sonarr/],
  ['half an answer', { kind: 'cut-json' }, /Radarr|Sonarr/],
  ['a broken connection', { kind: 'reset' }, /Radarr|Sonarr/],
  ['silence', { kind: 'hang' }, /did not answer|in time/],
  ['a redirect', { kind: 'redirect', to: 'http://127.0.0.1:1/login' }, /redirects; your key was not sent there/],
  ['too much', { kind: 'huge' }, /Radarr|Sonarr/],
];

describe.each([
  ['request movie', 'radarr', 'Radarr', 'tmdb:438631', 'matrix'],
  ['request tv', 'sonarr', 'Sonarr', 'tvdb:71663', 'severance'],
] as const)('/%s', (command, server, label, picked, words) => {
  it.each(faults)('says in words when the server answers with %s, and goes on', async (name, fault, reason) => {
    for (const title of [picked, `${words} ${name}`]) {
      test.servers[server].faults.next(fault, { times: 10 });
      const said = test.discord.render(await ada.slash(ada.dm(), command, { title }).reply());
      expect(said).toContain(label);
      expect(said).toMatch(reason);
      expect(said).not.toContain(test.servers[server].apiKey);
      test.servers[server].faults.clear();
    }
    const card = await ada.slash(ada.dm(), command, { title: picked }).reply();
    expect(test.discord.render(card)).toContain('[ Cancel ]');
  });
});
