import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Person } from '../../playground/discord/person.ts';
import type { Message } from '../../playground/discord/state.ts';
import { type PlaygroundJellyfin, startJellyfin } from '../../playground/servers/jellyfin.ts';
import { serverIsHostile } from '../api-documents/check-exchanges.ts';
import { startTestBot, type TestBot } from '../bot.ts';

let test: TestBot;
let other: PlaygroundJellyfin;
beforeAll(async () => {
  // Nothing is slow on purpose here, so a busy machine must not look like a server that is.
  const environment = { ALLOWED_USERS: '*', SERVICE_ADDRESSES: 'private-allowed', SERVICE_TIMEOUT_MS: '5000' };
  [test, other] = await Promise.all([startTestBot({ environment }), startJellyfin()]);
  family = test.servers.jellyfin.state.users;
});
afterAll(() => Promise.all([test.stop(), other.stop()]));

let family: PlaygroundJellyfin['state']['users'];
afterEach(() => {
  test.servers.jellyfin.state.users = family;
  test.servers.jellyfin.faults.clear();
});

let number = 0;
const somebody = (name = `Viewer${++number}`) => test.discord.person(name);
const seen = (message: Message) => test.discord.render(message).replaceAll('\\', '');
const list = async (person: Person) => seen(await person.slash(person.dm(), 'services list').reply());
const setUp = (person: Person) => test.setup.configure(person, 'jellyfin', test.setup.typed('jellyfin'));
const optionsOf = (message: Message) => test.discord.selectsOf(message)[0]?.options ?? [];
const user = (index: number, Name: string) => ({ Id: index.toString(16).padStart(32, '0'), Name });

async function choose(person: Person, card: Message, name: string): Promise<void> {
  await person.select(card, 'services:user:jellyfin', [name]).acknowledged();
  await person.waitFor(person.dm(), (message) => seen(message).includes(`you are **${name}**`));
}

it('shows version and contents with the question, and remembers the answer', async () => {
  const person = somebody();
  const card = await setUp(person);
  expect(seen(card)).toMatch(/Version 10\.11\.11: 214 films[\s\S]*Which of its users/);
  await choose(person, card, 'Grace');
  expect(await list(person)).toContain('user Grace');
  const again = await setUp(person);
  expect(seen(again)).toContain('Which of its users');
  expect(await list(person)).toContain('user Grace');
});

it('puts whoever has the person’s own name first, and turns pages for the others', async () => {
  test.servers.jellyfin.state.users = Array.from({ length: 60 }, (_, index) => user(index, `Guest ${100 + index}`));
  const person = somebody('Guest 155');
  const card = await setUp(person);
  expect(optionsOf(card).map(({ label }) => label)).toEqual(expect.arrayContaining(['Guest 155', 'Guest 100']));
  expect(optionsOf(card)[0]?.label).toBe('Guest 155');
  await person.press(card, 'More (1 of 3)').acknowledged();
  await person.waitFor(person.dm(), (message) => seen(message).includes('More (2 of 3)'));
  await person.press(card, 'More (2 of 3)').acknowledged();
  await person.waitFor(person.dm(), (message) => optionsOf(message).length === 10);
  expect(seen(card)).toContain('[ Back ]');
  await choose(person, card, 'Guest 159');
});

it('shows names and ids that are meant to break the card as what they are', async () => {
  serverIsHostile();
  test.servers.jellyfin.state.users = [
    user(1, '@everyone **[free](https://evil.example)**'),
    user(1, 'the same id again'),
    user(2, '  '),
    user(3, 'long '.repeat(100)),
    { Id: '', Name: 'no id' },
    { Id: 'x'.repeat(101), Name: 'endless id' },
  ];
  const person = somebody();
  const card = await setUp(person);
  expect(optionsOf(card)).toHaveLength(3);
  const [hostile] = optionsOf(card).filter(({ value }) => value === user(1, '').Id);
  await person.select(card, 'services:user:jellyfin', [hostile?.value ?? '']).acknowledged();
  const done = await person.waitFor(person.dm(), (message) => seen(message).includes('you are **'));
  expect(JSON.stringify(done.components)).not.toContain('[free](');
});

it('is saved when its users cannot be read, and asks later', async () => {
  const person = somebody();
  test.servers.jellyfin.faults.next({ kind: 'status', status: 500 }, { match: /GET \/Users/ });
  const card = await setUp(person);
  expect(seen(card)).toMatch(/is set up[\s\S]*users could not be read: Jellyfin had an internal error/);
  const tested = await person.slash(person.dm(), 'services test').reply();
  await person.press(tested, 'Choose your Jellyfin user').acknowledged();
  const asked = await person.waitFor(person.dm(), (message) => optionsOf(message).length > 0);
  await choose(person, asked, 'Ada');
  expect(seen(await person.slash(person.dm(), 'services test').reply())).not.toContain('Choose your Jellyfin user');
});

it('forgets who one was when the server is another', async () => {
  const person = somebody();
  await choose(person, await setUp(person), 'Grace');
  other.state.users = [user(9, 'Somebody else')];
  await test.setup.configure(person, 'jellyfin', { address: other.url, secret: other.apiKey });
  expect(await list(person)).not.toContain('Grace');
});

it('refuses a user who is gone in the meantime', async () => {
  const person = somebody();
  const card = await setUp(person);
  test.servers.jellyfin.state.users = family.slice(0, 1);
  await person.select(card, 'services:user:jellyfin', ['Grace']).acknowledged();
  await person.waitFor(person.dm(), (message) => seen(message).includes('no longer has that user'));
});
