import { Writable } from 'node:stream';
import { Client, Events, GatewayIntentBits, Partials } from 'discord.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PlaygroundDiscord, startDiscord } from '../../playground/discord/start-discord.ts';
import type { Channel } from '../../playground/discord/state.ts';
import { createLog, SecretValues } from '../../src/bot/log.ts';
import { channelSender } from '../../src/bot/reply-sender.ts';
import { createReplyStream, type ReplyStream } from '../../src/bot/reply-stream.ts';
import { nonceOf } from '../../src/commands/nonce.ts';

const editMs = 60;

let discord: PlaygroundDiscord;
let client: Client<true>;
const lines: string[] = [];
const destination = new Writable({
  write(chunk, _encoding, done) {
    lines.push(String(chunk));
    done();
  },
});
const log = createLog({ level: 'debug', secrets: new SecretValues(), destination });

beforeAll(async () => {
  discord = await startDiscord();
  const options = { intents: [GatewayIntentBits.Guilds], partials: [Partials.Channel], rest: { api: discord.apiUrl } };
  const starting = new Client(options);
  const ready = new Promise<Client<true>>((resolve) => starting.once(Events.ClientReady, resolve));
  await starting.login(discord.token);
  client = await ready;
});
afterAll(async () => {
  await client.destroy();
  await discord.stop();
});

const nonces = (name: string) => (piece: number) => nonceOf(name, piece);

type Screen = { stream: ReplyStream; channel: Channel; reads(): string[]; calls(): string[] };

let channels = 0;
/** An answer to someone in a channel of its own. */
async function screen(
  options: { dmsClosed?: boolean; denied?: bigint; beat?: number; firstWords?: number; hasRoom?: () => boolean } = {},
): Promise<Screen> {
  const name = `stream-${++channels}`;
  const channel = discord.channel(name);
  const person = discord.person(name, { dmsClosed: options.dmsClosed ?? false });
  const sender = await channelSender({ client, log }, { channelId: channel.id, discordUserId: person.id });
  channel.deniedToBot = options.denied ?? 0n;
  const path = new RegExp(`^/channels/(${channel.id}|${person.dm().id})/messages`);
  return {
    channel,
    stream: createReplyStream({
      sender,
      editMs: options.beat ?? editMs,
      ...(options.firstWords === undefined ? {} : { firstWordsMs: options.firstWords }),
      ...(options.hasRoom === undefined ? {} : { hasRoom: options.hasRoom }),
      log,
      nonce: nonces(name),
    }),
    reads: () => [...person.sees(channel), ...person.sees(person.dm())].map((message) => message.content),
    calls: () =>
      discord.rest.journal.filter((call) => path.test(call.path)).map((call) => `${call.method} ${call.status}`),
  };
}

const moment = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe('an answer that is written as it comes', () => {
  it('is a single message when it is short', async () => {
    const { stream, reads, calls } = await screen();
    stream.activity('Thinking');
    stream.text('Hel');
    stream.activity(null);
    stream.text('Hello.');
    const ids = await stream.finish('Hello.');
    expect(reads()).toEqual(['Hello.']);
    expect(calls()).toEqual(['POST 200']);
    expect(ids).toHaveLength(1);
  });

  it('shows first what is being done, and is then one edit', async () => {
    const { stream, reads, calls } = await screen();
    stream.activity('Searching Radarr');
    await expect.poll(reads).toEqual(['-# Searching Radarr…']);
    stream.text('Found ');
    stream.activity(null);
    stream.text('Found it.');
    await stream.finish('Found it.');
    expect(reads()).toEqual(['Found it.']);
    expect(calls()).toEqual(['POST 200', 'PATCH 200']);
  });

  it('shows what is being done below what was said', async () => {
    const { stream, reads } = await screen();
    stream.text('Let me look.');
    stream.activity('Searching Radarr');
    await expect.poll(reads).toEqual(['Let me look.\n\n-# Searching Radarr…']);
    await stream.finish('Let me look.');
    expect(reads()).toEqual(['Let me look.']);
  });

  it('shows its first words at once, whatever the beat, and the rest at the beat', async () => {
    // A beat that never comes within the test: what is seen is seen for the first words' sake.
    const { stream, reads, calls } = await screen({ beat: 600_000, firstWords: 10 });
    stream.activity('Thinking');
    stream.text('The first');
    stream.activity(null);
    await expect.poll(reads).toEqual(['The first']);
    stream.text('The first words.');
    await moment(50);
    expect(reads()).toEqual(['The first']);
    await stream.finish('The first words.');
    expect(reads()).toEqual(['The first words.']);
    expect(calls()).toEqual(['POST 200', 'PATCH 200']);
  });

  it('shows first words that came while the line of what is being done was on its way', async () => {
    const { stream, reads, channel } = await screen({ beat: 300, firstWords: 10 });
    discord.fail({ match: new RegExp(`^POST /channels/${channel.id}/messages`), status: 500, times: 1 });
    stream.activity('Thinking');
    // The first try of the line fails; discord.js makes it again after a pause.
    await expect.poll(() => discord.rest.journal.some(({ status }) => status === 500)).toBe(true);
    stream.activity(null);
    stream.text('The first');
    await expect.poll(reads, { timeout: 3000 }).toEqual(['The first']);
    await stream.finish('The first');
  });

  it('leaves its first words to the beat while Discord’s limit for the whole bot has no room', async () => {
    const asked: boolean[] = [];
    const hasRoom = () => {
      asked.push(false);
      return false;
    };
    const { stream, reads, calls } = await screen({ beat: 100, firstWords: 10, hasRoom });
    stream.text('The first');
    await expect.poll(() => asked.length).toBe(1);
    expect(calls()).toEqual([]);
    await expect.poll(reads).toEqual(['The first']);
    expect(asked).toHaveLength(1);
    await stream.finish('The first');
  });

  it('is edited by time, however often it changes, and never without a change', async () => {
    const { stream, reads, calls } = await screen({ beat: 30 });
    let text = '';
    for (let index = 0; index < 100; index++) {
      text += `word${index} `;
      stream.text(text);
      if (index % 10 === 0) await moment(5);
    }
    await expect.poll(reads).toEqual([text.trim()]);
    const before = calls().length;
    stream.text(text);
    await moment(100);
    await stream.finish(text);
    expect(calls()).toHaveLength(before);
    // One beat of 30 ms for every 5 ms of writing would be six times too many; the clock of a busy machine may add some.
    expect(before).toBeLessThan(20);
  });

  it('stays within Discord’s limits, also for two at once in one channel', async () => {
    const { stream, channel, calls } = await screen({ beat: 10 });
    const person = discord.person('second');
    const sender = await channelSender({ client, log }, { channelId: channel.id, discordUserId: person.id });
    const other = createReplyStream({ sender, editMs: 10, log, nonce: nonces('other') });
    for (let index = 0; index < 20; index++) {
      stream.text(`one ${index}`);
      other.text(`two ${index}`);
      await moment(5);
    }
    await Promise.all([stream.finish('one, the end'), other.finish('two, the end')]);
    expect(person.sees(channel).map((message) => message.content)).toEqual(['one, the end', 'two, the end']);
    expect(calls().filter((call) => call.endsWith('429'))).toEqual([]);
  });

  it('posts nothing twice when the answer to a post is lost', async () => {
    const { stream, reads, channel } = await screen();
    discord.fail({ match: new RegExp(`^POST /channels/${channel.id}/messages`), status: 400, afterEffect: true });
    stream.text('once');
    expect(await stream.finish('once and whole')).toHaveLength(1);
    expect(reads()).toEqual(['once and whole']);
  });

  it('continues in the message that another process began', async () => {
    const { stream, reads, channel } = await screen();
    stream.activity('Searching Radarr');
    await expect.poll(() => reads().length).toBe(1);
    const person = discord.person(channel.name);
    const sender = await channelSender({ client, log }, { channelId: channel.id, discordUserId: person.id });
    const next = createReplyStream({ sender, editMs, log, nonce: nonces(channel.name) });
    expect(await next.finish('It was cut.')).toHaveLength(1);
    expect(reads()).toEqual(['It was cut.']);
  });

  it('is split over several messages, the last of which grows', async () => {
    const { stream, reads } = await screen();
    const words = Array.from({ length: 700 }, (_, index) => `word${index}`);
    stream.text(words.slice(0, 100).join(' '));
    await expect.poll(() => reads().length).toBe(1);
    stream.text(words.slice(0, 400).join(' '));
    await expect.poll(() => reads().length).toBe(2);
    const text = words.join(' ');
    expect(await stream.finish(text)).toHaveLength(3);
    expect(reads().join(' ')).toBe(text);
    for (const message of reads()) expect(message.length).toBeLessThanOrEqual(2000);
  });

  it('pings no one', async () => {
    const { stream, channel } = await screen();
    await stream.finish('@everyone <@123456789012345678> look');
    const [message] = discord.person('reader').sees(channel);
    expect(message?.allowedMentions).toMatchObject({ parse: [] });
    expect(message?.nonce).toEqual(expect.any(String));
  });

  it('that is abandoned leaves no timer running', async () => {
    const { stream, calls } = await screen();
    stream.text('');
    stream.activity(null);
    await moment(editMs * 3);
    expect(calls()).toEqual([]);
    expect(await stream.finish('')).toEqual([]);
  });
});

describe('an answer that Discord does not take', () => {
  const [view, send] = [1n << 10n, 1n << 11n];

  it.each([
    ['the channel may not be written to', send],
    ['the channel may not be seen', view],
  ])('goes to a DM when %s', async (_why, denied) => {
    const { stream, reads, calls } = await screen({ denied });
    expect(await stream.finish('Hello.')).toHaveLength(1);
    expect(reads()).toEqual(['Hello.']);
    expect(calls()).toEqual(['POST 403', 'POST 200']);
  });

  it('goes to a DM when the channel is closed in the middle of it', async () => {
    const { stream, channel, reads } = await screen();
    stream.text('Half of');
    await expect.poll(reads).toEqual(['Half of']);
    channel.deniedToBot = view;
    await stream.finish('Half of it, and the rest.');
    expect(reads()).toEqual(['Half of', 'Half of it, and the rest.']);
  });

  it('is sent again when its message was deleted', async () => {
    const { stream, channel, reads } = await screen();
    stream.text('Half of');
    await expect.poll(reads).toEqual(['Half of']);
    for (const message of discord.person('reader').sees(channel)) message.deleted = true;
    await stream.finish('Half of it, and the rest.');
    expect(reads()).toEqual(['Half of it, and the rest.']);
  });

  it('is logged when the DM is closed too, and the bot goes on', async () => {
    const { stream, reads } = await screen({ denied: send, dmsClosed: true });
    stream.text('Hel');
    await expect.poll(() => lines.join('')).toContain('a person could not be reached');
    expect(await stream.finish('Hello.')).toEqual([]);
    expect(reads()).toEqual([]);
  });

  it('is tried once more in the end', async () => {
    const { stream, channel, reads } = await screen();
    // discord.js tries four times by itself.
    discord.fail({ match: new RegExp(`^POST /channels/${channel.id}/messages`), status: 500, times: 4 });
    expect(await stream.finish('Hello.')).toHaveLength(1);
    expect(reads()).toEqual(['Hello.']);
  });
});
