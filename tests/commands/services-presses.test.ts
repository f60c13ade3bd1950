import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Person } from '../../playground/discord/person.ts';
import type { Message } from '../../playground/discord/state.ts';
import { commands } from '../../src/commands/registry.ts';
import { startTestBot, type TestBot } from '../bot.ts';

/** One test waits for the time limit; it is long enough that a busy machine passes the others. */
const everyone = { ALLOWED_USERS: '*', SERVICE_ADDRESSES: 'private-allowed', SERVICE_TIMEOUT_MS: '1500' };
let test: TestBot;
beforeAll(async () => {
  test = await startTestBot({ environment: everyone });
});
afterAll(() => test.stop());
beforeEach(() => {
  test.servers.radarr.faults.clear();
});

let number = 0;
const somebody = () => test.discord.person(`Presser${++number}`);
const seen = (message: Message) => test.discord.render(message).replaceAll('\\', '');
const command = async (person: Person, name: string, options = {}) =>
  seen(await person.slash(person.dm(), name, options).reply());
const says = (person: Person, words: string) => person.waitFor(person.dm(), (message) => seen(message).includes(words));

/** Presses a button and waits until a card of the bot says so. */
async function press(person: Person, card: Message, button: string, words: string): Promise<Message> {
  await person.press(card, button).acknowledged();
  return says(person, words);
}

const wrongKey = (secret: string) => ({ ...test.setup.typed('radarr'), secret });

it('takes "Save anyway" once; the late press is told privately and changes nothing', async () => {
  const person = somebody();
  const refused = await test.setup.configure(person, 'radarr', wrongKey('wrong-key-canary-10'));
  const buttons = ['Save anyway', 'Cancel'].map((button) => person.press(refused, button));
  await Promise.all(buttons.map((button) => button.acknowledged()));
  const late = await says(person, 'already done');
  expect(late.ephemeralFor).toBe(person.id);
  await says(person, 'is saved, but');
  const list = await command(person, 'services list');
  expect(list).toContain('🔴 **Radarr** · failed');
  expect(list).toContain('does not accept the key');
  expect(list).not.toContain('wrong-key-canary-10');
});

it('drops what was typed wrong once the right key is saved', async () => {
  const person = somebody();
  const refused = await test.setup.configure(person, 'radarr', wrongKey('wrong-key-canary-11'));
  const modal = await person.press(refused, 'Try again').modal();
  const { secret } = test.setup.typed('radarr');
  expect(seen(await person.submitModal(modal, { secret: secret ?? '' }).reply())).toContain('is set up');
  await press(person, refused, 'Save anyway', 'already done');
  expect(await command(person, 'services test')).toContain('answers');
});

it('keeps the typed key for another try on the same machine, unless the key was what was wrong', async () => {
  const person = somebody();
  const { address = '', secret = '' } = test.setup.typed('radarr');
  const again = async (refused: Message, fields: Record<string, string>) => {
    const modal = await person.press(refused, 'Try again').modal();
    expect(JSON.stringify(modal.data)).not.toContain(secret);
    return person.submitModal(modal, fields).reply();
  };
  const noAddress = await test.setup.configure(person, 'radarr', { address: 'ftp://nas', secret });
  const closedPort = await again(noAddress, { address: 'http://127.0.0.1:1', secret: '' });
  expect(seen(closedPort)).toContain('refused the connection');
  test.servers.radarr.journal.length = 0;
  const elsewhere = await again(closedPort, { address: address.replace('127.0.0.1', 'localhost'), secret: '' });
  expect(seen(elsewhere)).toContain('a different machine than before');
  const noAddressAgain = await again(elsewhere, { address: 'ftp://nas', secret: '' });
  const stillElsewhere = await again(noAddressAgain, {
    address: address.replace('127.0.0.1', 'localhost'),
    secret: '',
  });
  expect(seen(stillElsewhere)).toContain('a different machine than before');
  expect(test.servers.radarr.journal).toEqual([]);
  expect(seen(await again(stillElsewhere, { address, secret: '' }))).toContain('is set up');
  expect(await command(person, 'services test')).toContain('answers');

  const other = somebody();
  const wrong = await test.setup.configure(other, 'radarr', wrongKey('wrong-key-canary-14'));
  const modal = await other.press(wrong, 'Try again').modal();
  expect(() => other.submitModal(modal, { secret: '' })).toThrow();
});

it('cancels, saving nothing', async () => {
  const person = somebody();
  const refused = await test.setup.configure(person, 'radarr', wrongKey('wrong-key-canary-12'));
  await press(person, refused, 'Cancel', 'Nothing was saved');
  expect(await command(person, 'services list')).toContain('No service is set up yet');
});

it('asks to type again when what was typed is gone, as it is after a restart', async () => {
  const person = somebody();
  const refused = await test.setup.configure(person, 'radarr', wrongKey('wrong-key-canary-13'));
  // What a new process gets: a button whose draft it never had.
  const components = JSON.parse(JSON.stringify(refused.components).replace(/(services:\w+):[\w-]+/g, '$1:unknown'));
  const { authorId, channelId, flags } = refused;
  const old = test.discord.state.addMessage({ authorId, channelId, flags, components });
  await press(person, old, 'Save anyway', 'has expired');
  await person.press(old, 'Try again').acknowledged();
  expect(await command(person, 'services list')).toContain('No service is set up yet');
});

it('keeps the stored key when the server does not answer and is saved anyway', async () => {
  const person = somebody();
  await test.setup.all(person, 'radarr');
  const { address } = test.setup.typed('radarr');
  test.servers.radarr.faults.next({ kind: 'hang' }, { times: 20 });
  const refused = await test.setup.configure(person, 'radarr', { address: address ?? '', secret: '' });
  expect(seen(refused)).toContain('did not answer in time');
  await press(person, refused, 'Save anyway', 'is saved, but');
  test.servers.radarr.faults.clear();
  expect(await command(person, 'services test', { service: 'radarr' })).toContain('answers');
});

it('never sends the stored key to another server, not even on "Save anyway"', async () => {
  const person = somebody();
  await test.setup.all(person, 'radarr');
  for (const address of [test.servers.sonarr.url, test.servers.radarr.url.replace('http:', 'https:')]) {
    const refused = await test.setup.configure(person, 'radarr', { address, secret: '' });
    expect(seen(refused)).toContain('sent only to the one it was typed for');
    expect(seen(refused)).not.toContain('[ Save anyway ]');
  }
});

it('says that a service is removed when any of its buttons is pressed too late', async () => {
  const person = somebody();
  await test.setup.all(person, 'radarr', 'sonarr');
  const asked = await person.slash(person.dm(), 'services remove', { service: 'radarr' }).reply();
  const stale = await person.slash(person.dm(), 'services remove', { service: 'radarr' }).reply();
  await press(person, asked, 'Remove', 'is removed');
  await press(person, stale, 'Keep it', 'already done');
  expect(person.sees(person.dm()).map(seen).join()).not.toContain('Kept.');
  await test.setup.all(person, 'radarr');
  await person.press(stale, 'Remove').acknowledged();
  expect(await command(person, 'services test')).toContain('answers');
});

it('keeps a service that was not to be removed', async () => {
  const person = somebody();
  await test.setup.all(person, 'radarr');
  const asked = await person.slash(person.dm(), 'services remove', { service: 'radarr' }).reply();
  await press(person, asked, 'Keep it', 'Nothing was changed');
  expect(await command(person, 'services test')).toContain('answers');
});

it('does not act for another person who sends the custom_id of a card', async () => {
  const [owner, other] = [somebody(), somebody()];
  await test.setup.all(owner, 'radarr');
  const asked = await owner.slash(owner.dm(), 'services remove', { service: 'radarr' }).reply();
  // The same card, as though the other person had it.
  const copy = test.discord.state.addMessage({
    channelId: other.dm().id,
    authorId: asked.authorId,
    components: asked.components,
    flags: asked.flags,
  });
  await press(other, copy, 'Remove', 'already done');
  expect(await command(owner, 'services test')).toContain('answers');
});

it('tests a service that is off, and understands a name that was typed', async () => {
  const person = somebody();
  await test.setup.all(person, 'jellyseerr');
  await command(person, 'services disable', { service: 'Seerr' });
  const tested = await command(person, 'services test', { service: ' seerr' });
  expect(tested).toContain('answers');
  expect(tested).toContain('switched off');
  const offers = await person.autocomplete(person.dm(), 'services enable', { service: 'jellyse' }, 'service');
  expect(offers).toEqual([{ name: 'Seerr', value: 'jellyseerr' }]);
});

it('tells in /help of every command, and offers the services that are still missing', async () => {
  const person = somebody();
  await test.setup.all(person, 'radarr', 'sonarr');
  const reply = await person.slash(person.dm(), 'help').reply();
  expect(seen(reply)).not.toContain('[ Set up Radarr ]');
  for (const { definition } of commands.filter((command) => command.definition.name !== 'help'))
    expect(seen(reply)).toContain(`\`/${definition.name}`);
  expect((await person.press(reply, 'Set up Seerr').modal()).data.title).toBe('Set up Seerr');
});
