import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Person } from '../../playground/discord/person.ts';
import type { Message } from '../../playground/discord/state.ts';
import { type PlaygroundModel, startModel } from '../../playground/model/start-model.ts';
import { startJellyseerr } from '../../playground/servers/jellyseerr.ts';
import { firstSeerrState, requestStatus } from '../../playground/servers/jellyseerr-media.ts';
import { startTestBot, type TestBot } from '../bot.ts';

let model: PlaygroundModel;
let test: TestBot;
beforeAll(async () => {
  model = await startModel();
  const environment = { ALLOWED_USERS: '*', SERVICE_ADDRESSES: 'private-allowed', SERVICE_TIMEOUT_MS: '5000' };
  test = await startTestBot({ environment: { ...environment, OPENAI_BASE_URL: model.url } });
});
afterAll(async () => {
  await test.stop();
  await model.stop();
});
beforeEach(() => {
  test.servers.jellyseerr.journal.length = 0;
  Object.assign(test.servers.jellyseerr.state, firstSeerrState());
});

let number = 0;
const somebody = () => test.discord.person(`Asker${++number}`);
const seen = (message: Message) =>
  test.discord.render(test.discord.state.messages.get(message.id) ?? message).replaceAll('\\', '');
const list = async (person: Person) => seen(await person.slash(person.dm(), 'services list').reply());
const setUp = (person: Person) => test.setup.configure(person, 'jellyseerr', test.setup.typed('jellyseerr'));
const reads = (person: Person, words: RegExp) => person.waitFor(person.dm(), (message) => words.test(seen(message)));
const requests = () => test.servers.jellyseerr.state.requests;

async function become(person: Person, name: string): Promise<void> {
  await person.select(await setUp(person), 'services:user:jellyseerr', [name]).acknowledged();
  await reads(person, new RegExp(`you are \\*\\*${name}\\*\\*`));
}

async function request(person: Person, title: string): Promise<Message> {
  const card = await person.slash(person.dm(), 'request movie', { title }).reply();
  await person.press(card, 'Request').acknowledged();
  return card;
}

it('asks which user the person is, and requests as that user, with their approval, quota and list', async () => {
  const person = somebody();
  const card = await setUp(person);
  expect(seen(card)).toMatch(/requests, \d+ waiting for approval[\s\S]*Which of its users are you\? Without a choice/);
  await become(person, 'Grace');
  expect(await list(person)).toContain('user Grace');
  await request(person, 'tmdb:98');
  await reads(person, /wait(s|ing) for approval in Seerr/i);
  expect(requests().at(-1)).toMatchObject({ tmdbId: 98, requestedBy: 2, status: requestStatus.pending });
  const grace = test.servers.jellyseerr.state.users.find(({ id }) => id === 2);
  if (grace !== undefined) grace.filmsLeft = 0;
  const refused = await request(person, 'tmdb:680');
  await test.discord.until(() => /Movie Quota exceeded/.test(seen(refused)));
  person.say(person.dm(), 'what did I request in seerr?');
  const told = await reads(person, /requests in Seerr/i);
  expect(seen(told)).toContain('Gladiator');
});

it('removes a waiting request, and says why an approved one stays', async () => {
  const person = somebody();
  await become(person, 'Grace');
  person.say(person.dm(), 'remove my last request');
  const waiting = await reads(person, /\[ Remove the request \]/);
  await person.press(waiting, 'Remove the request').acknowledged();
  await reads(person, /Removed the request from Seerr/);
  expect(requests().map(({ tmdbId }) => tmdbId)).toEqual([335984]);
  await become(person, 'Grace');
  const before = new Set(person.sees(person.dm()).map(({ id }) => id));
  person.say(person.dm(), 'remove my last request');
  const approved = await person.waitFor(
    person.dm(),
    (message) => !before.has(message.id) && seen(message).includes('[ Remove the request ]'),
  );
  await person.press(approved, 'Remove the request').acknowledged();
  await test.discord.until(() => /only users who manage requests may remove an approved one/.test(seen(approved)));
  expect(requests()).toHaveLength(1);
});

it('does not ask where there is one user only', async () => {
  test.servers.jellyseerr.state.users.splice(1);
  expect(seen(await setUp(somebody()))).not.toContain('Which of its users');
});

it('says that the chosen user is gone, and lets another be chosen', async () => {
  const person = somebody();
  await become(person, 'Grace');
  test.servers.jellyseerr.state.users.splice(1, 1, { id: 3, username: 'Linus', manages: false, filmsLeft: null });
  const tested = await person.slash(person.dm(), 'services test').reply();
  expect(seen(tested)).toMatch(/the user you chose no longer exists/);
  await become(person, 'Linus');
  expect(await list(person)).toContain('user Linus');
});

it('forgets the chosen user on a different server, where the same number is someone else', async () => {
  const person = somebody();
  await become(person, 'Grace');
  const other = await startJellyseerr();
  await test.setup.configure(person, 'jellyseerr', { address: other.url, secret: other.apiKey });
  expect(await list(person)).not.toContain('Grace');
  await request(person, 'tmdb:680');
  await reads(person, /Seerr approved it/);
  expect(other.state.requests.at(-1)).toMatchObject({ requestedBy: 1 });
  await other.stop();
});
