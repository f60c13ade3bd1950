import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Person } from '../../playground/discord/person.ts';
import type { Message } from '../../playground/discord/state.ts';
import { startTestBot, type TestBot } from '../bot.ts';
import { TcpProxy } from '../tcp-proxy.ts';

/** A qBittorrent that refuses, as a person meets it. */
let test: TestBot;
let mapped: TcpProxy;
beforeAll(async () => {
  const environment = { ALLOWED_USERS: '*', SERVICE_ADDRESSES: 'private-allowed', SERVICE_TIMEOUT_MS: '5000' };
  test = await startTestBot({ environment });
  mapped = new TcpProxy({ host: '127.0.0.1', port: ownPort() });
  await mapped.open();
});
afterAll(async () => {
  await mapped.refuse();
  await test.stop();
});
afterEach(() => {
  Object.assign(test.servers.qbittorrent.state, { failures: 0, validatedPort: ownPort() });
});

let number = 0;
const somebody = () => test.discord.person(`Person${++number}`);
const ownPort = () => Number(new URL(test.servers.qbittorrent.url).port);
const seen = (message: Message) => test.discord.render(message).replaceAll('\\', '');
const typed = () => test.setup.typed('qbittorrent');
const configure = async (person: Person, given: Record<string, string>) =>
  seen(await test.setup.configure(person, 'qbittorrent', { ...typed(), ...given }));
const mappedAddress = () => `http://127.0.0.1:${mapped.port}`;

it('behind a mapped port is reported with that port and the name of the setting', async () => {
  const person = somebody();
  const said = await configure(person, { address: mappedAddress() });
  expect(said).toContain(`qBittorrent refuses port ${mapped.port}: its “Host header validation”`);
  expect(said).toContain('switch that validation off in Options, Web UI.');
  expect(said).not.toContain('password');
  // What was typed is right: with the validation off it is taken.
  test.servers.qbittorrent.state.validatedPort = null;
  expect(await configure(person, { address: mappedAddress() })).toContain('is set up');
});

it('that starts to refuse requests is reported so by every command, not as a wrong password', async () => {
  const person = somebody();
  await configure(person, {});
  test.servers.qbittorrent.state.validatedPort = 1;
  const words = new RegExp(`refuses port ${ownPort()}: its “Host header validation”`);
  for (const command of ['services test', 'status', 'downloads'])
    expect(seen(await person.slash(person.dm(), command).reply()), command).toMatch(words);
});

it('with a wrong password is reported so, and a ban in qBittorrent’s own words', async () => {
  const person = somebody();
  for (let tries = 0; tries < 5; tries++)
    expect(await configure(person, { secret: 'guess' })).toContain('does not accept the user name or password');
  const banned = await configure(person, { secret: 'guess' });
  expect(banned).toContain('does not allow this: Your IP address has been banned after too many failed');
  expect(banned).toContain('Wait for the ban to end');
});

it('that uses plain http is reported at once when the address says https', async () => {
  const address = test.servers.qbittorrent.url.replace('http:', 'https:');
  const said = await configure(somebody(), { address });
  expect(said).toContain('qBittorrent uses http on that port, but the address says https. Change the address');
});
