import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Person } from '../../playground/discord/person.ts';
import type { Channel, Message } from '../../playground/discord/state.ts';
import { startTestBot, type TestBot } from '../bot.ts';

const progressMs = 400;
const environment = { PROGRESS_INTERVAL_MS: String(progressMs) };

let test: TestBot;
let ada: Person;
beforeAll(async () => {
  test = await startTestBot({ environment });
  ada = test.discord.person('Ada');
  await test.setup.all(ada, 'radarr', 'sonarr');
});
afterAll(() => test.stop());

const read = (message: Message) => test.discord.render(test.discord.state.messages.get(message.id) ?? message);
const becomes = (message: Message, words: string) => test.discord.until(() => read(message).includes(words), 15_000);

const outcomeIn = (channel: Channel, after: Message) =>
  ada.waitFor(
    channel,
    (message) => message.id > after.id && message.ephemeralFor === null && read(message).includes('Asked for by Ada'),
  );

/** Requests Dune; the message in the channel that says so. */
async function dune(channel: Channel): Promise<Message> {
  const card = await ada.slash(channel, 'request movie', { title: 'tmdb:438631' }).reply();
  await ada.press(card, 'Request').acknowledged();
  return outcomeIn(channel, card);
}

describe('the message of a request', () => {
  it('shows the whole life of a film', async () => {
    const message = await dune(test.discord.channel('life'));
    expect(read(message)).toContain('Radarr is looking for it');
    test.servers.radarr.tick(0);
    await becomes(message, 'Downloading');
    console.log(read(message));
    test.servers.radarr.tick(40);
    await becomes(message, '40 %');
    console.log(read(message));
    test.servers.radarr.tick(60);
    await becomes(message, 'putting it into the library');
    console.log(read(message));
    test.servers.radarr.tick(0);
    await becomes(message, 'ready to watch');
    console.log(read(message));
  });
});
