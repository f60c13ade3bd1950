import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Handle } from '../../playground/discord/handle.ts';
import type { Person } from '../../playground/discord/person.ts';
import type { Channel, Message } from '../../playground/discord/state.ts';
import { openDatabase } from '../../src/db/connection.ts';
import { getOrCreateCurrentChat } from '../../src/db/queries/chats.ts';
import { getRecentMessages } from '../../src/db/queries/messages.ts';
import { getToolCallsByMessageId } from '../../src/db/queries/tool-calls.ts';
import { getUserByDiscordId, mergeUserPreferences } from '../../src/db/queries/users.ts';
import { startTestBot, type TestBot } from '../bot.ts';

let test: TestBot;
let ada: Person;
let bob: Person;
beforeAll(async () => {
  test = await startTestBot();
  ada = test.discord.person('Ada');
  bob = test.discord.person('Bob');
  await test.setup.all(ada, 'radarr', 'sonarr');
  await test.restart({ ALLOWED_USERS: bob.id });
});
afterAll(() => test.stop());
beforeEach(() => {
  test.servers.radarr.state.library = test.servers.radarr.state.library.filter((film) => film.tmdbId !== 438631);
  test.servers.radarr.journal.length = 0;
  test.servers.radarr.faults.clear();
  test.discord.rest.faults = [];
});

const read = (message: Message) => test.discord.render(test.discord.state.messages.get(message.id) ?? message);
const becomes = (message: Message, words: string) => test.discord.until(() => read(message).includes(words));
const added = () => test.servers.radarr.journal.filter(({ method, path }) => method === 'POST' && /movie$/.test(path));
const dune = (channel: Channel) => ada.slash(channel, 'request movie', { title: 'tmdb:438631' }).reply();
const outcomeIn = (channel: Channel, after: Message) =>
  ada.waitFor(
    channel,
    (message) => message.id > after.id && message.ephemeralFor === null && read(message).includes('Asked for by Ada'),
  );

/** Until the bot has done all that it does for an interaction. */
const handled = ({ interaction }: Handle) =>
  test.discord.until(() =>
    test
      .logged()
      .split('\n')
      .some((line) => line.includes(interaction.id) && line.includes('an interaction was handled')),
  );
/** The second press comes before the card has changed, and is handled after it. */
const pressedTwice = (card: Message) =>
  Promise.all([ada.press(card, 'Request'), ada.press(card, 'Request')].map(handled));

/** Looks into the database while the bot is stopped, then starts it again. */
async function inDatabase(look: (db: Awaited<ReturnType<typeof openDatabase>>['db']) => Promise<void>): Promise<void> {
  await test.bot.stop();
  const database = await openDatabase({ dataDir: test.folder.dataDir });
  await look(database.db).finally(() => database.close());
  await test.restart({ ALLOWED_USERS: bob.id });
}

describe('a press', () => {
  it('is done once, though it is pressed twice', async () => {
    const channel = test.discord.channel('twice');
    const card = await dune(channel);
    await Promise.all([ada.press(card, 'Request').acknowledged(), ada.press(card, 'Request').acknowledged()]);
    const outcome = await outcomeIn(channel, card);
    expect(read(outcome)).toContain('Requested. Radarr is looking for it');
    // The private card must not go out of date beside it.
    await becomes(card, '✅ **Dune (2021)**: the result is in the message below.');
    expect(read(card)).not.toContain('Requested');
    expect(added()).toHaveLength(1);
    expect(ada.sees(channel).filter((message) => read(message).includes('Asked for by'))).toHaveLength(1);
  });

  it('by someone else does nothing, and only they are told so', async () => {
    const channel = test.discord.channel('others');
    const card = await dune(channel);
    // As in a group DM, where nothing is ephemeral.
    const shown = test.discord.state.messages.get(card.id);
    if (shown === undefined) throw new Error('the card is gone');
    shown.ephemeralFor = null;
    await bob.press(card, 'Request').acknowledged();
    const word = await bob.waitFor(channel, (message) => message.ephemeralFor === bob.id);
    expect(read(word)).toContain('belongs to someone else');
    expect(read(card)).toContain('[ Request ]');
    expect(added()).toHaveLength(0);
  });

  it('works after a restart, with what was chosen before it', async () => {
    const card = await dune(ada.dm());
    await ada.select(card, 'When to download it', ['announced']).acknowledged();
    await becomes(card, 'As soon as it is announced');
    await test.restart();
    await ada.press(card, 'Request').acknowledged();
    await becomes(card, '✅ Requested');
    expect(added()).toMatchObject([{ body: { minimumAvailability: 'announced' } }]);
    expect(read(card)).toContain('Dune (2021)');
  });

  it('is no longer offered on an expired card, even if Discord failed while the card was to be changed', async () => {
    await test.restart({ BUTTON_TIMEOUT_MS: '1500' });
    const card = await ada.slash(ada.dm(), 'request movie', { title: 'tmdb:13' }).reply();
    // As often as discord.js tries.
    test.discord.fail({ match: new RegExp(`^PATCH .*(${card.id}|@original)`), reset: true, times: 12 });
    await test.discord.until(() => test.discord.rest.faults.length === 0, 20_000);
    expect(read(card)).toContain('[ Request ]');
    await becomes(card, 'expired');
    await test.restart();
  });

  it('on a card that waited too long says that it has expired', async () => {
    await test.restart({ BUTTON_TIMEOUT_MS: '300' });
    const card = await dune(test.discord.channel('late'));
    await becomes(card, 'expired');
    expect(added()).toHaveLength(0);
    await test.restart();
  });

  it('that fails says what and why, and can be tried again', async () => {
    const channel = test.discord.channel('failing');
    const card = await dune(channel);
    test.servers.radarr.faults.next({ kind: 'status', status: 503 }, { match: /POST/ });
    await ada.press(card, 'Request').acknowledged();
    await becomes(card, 'Radarr had an internal error (HTTP 503)');
    expect(ada.sees(channel).filter((message) => message.ephemeralFor === null)).toHaveLength(0);
    // The person chose and pressed already: one more press does it.
    await ada.press(card, 'Try again').acknowledged();
    await outcomeIn(channel, card);
    expect(added()).toHaveLength(1);
  });

  it('that is tried again shows the card when a choice on it is gone', async () => {
    const card = await dune(test.discord.channel('gone-choice'));
    const profiles = test.servers.radarr.state.qualityProfiles;
    const [first, ...others] = profiles;
    if (first === undefined) throw new Error('the playground’s Radarr has profiles');
    test.servers.radarr.faults.next({ kind: 'status', status: 503 }, { match: /POST/ });
    await ada.press(card, 'Request').acknowledged();
    await becomes(card, 'Try again');
    test.servers.radarr.state.qualityProfiles = others;
    await ada.press(card, 'Try again').acknowledged();
    await becomes(card, '[ Request ]');
    expect(added()).toHaveLength(0);
    test.servers.radarr.state.qualityProfiles = profiles;
  });

  it('whose answer is lost tells what the server has', async () => {
    const card = await dune(ada.dm());
    test.servers.radarr.faults.next({ kind: 'reset-after-effect' }, { match: /POST/ });
    await ada.press(card, 'Request').acknowledged();
    await becomes(card, 'The answer was lost, but');
    expect(added()).toHaveLength(1);
  });

  it('whose outcome nobody knows says so, and where to look', async () => {
    const card = await ada.slash(ada.dm(), 'request movie', { title: 'tmdb:603' }).reply();
    test.servers.radarr.faults.next({ kind: 'hang-after-effect' }, { match: /POST/ });
    await ada.press(card, 'Search again').acknowledged();
    await becomes(card, 'It may have been sent');
    expect(read(card)).toContain('Radarr');
  });
});

describe('the outcome', () => {
  it('answers the press where the bot may not write', async () => {
    const channel = test.discord.channel('closed');
    test.discord.fail({ match: /^POST \/channels\//, status: 403 });
    const card = await dune(channel);
    await ada.press(card, 'Request').acknowledged();
    expect((await outcomeIn(channel, card)).ephemeralFor).toBeNull();
  });

  it('is written where the bot is no member', async () => {
    const channel = test.discord.foreignChannel('elsewhere');
    const card = await dune(channel);
    await ada.press(card, 'Request').acknowledged();
    await outcomeIn(channel, card);
  });

  it('comes as a DM when nothing else is left, and is logged when that is closed too', async () => {
    const channel = test.discord.channel('silent');
    const card = await dune(channel);
    test.discord.fail({ match: /^POST \/channels\/|^POST \/webhooks\//, status: 403, times: 2 });
    await ada.press(card, 'Request').acknowledged();
    await outcomeIn(ada.dm(), card);
    const again = await ada.slash(channel, 'request movie', { title: 'tmdb:603' }).reply();
    test.discord.fail({ match: /^POST \/(channels|webhooks|users)\//, status: 403, times: 20 });
    await ada.press(again, 'Search again').acknowledged();
    await test.discord.until(() => test.logged().includes('a person could not be told'));
    await becomes(again, 'searching again');
  });

  it('stays on the private card that says it, whatever is pressed later, when it could be told nowhere else', async () => {
    const channel = test.discord.channel('nowhere');
    const card = await dune(channel);
    test.discord.fail({ match: /^POST \/(channels|webhooks|users)\//, status: 403, times: 20 });
    await pressedTwice(card);
    expect(read(card)).toContain('Requested. Radarr is looking for it');
    expect(read(card)).not.toContain('the result is in');
    expect(added()).toHaveLength(1);
  });

  it('is pointed to where it was told, also when it is pressed later, though the person prefers the channel', async () => {
    const channel = test.discord.channel('refused');
    const card = await dune(channel);
    test.discord.fail({ match: /^POST \/channels\/|^POST \/webhooks\//, status: 403, times: 2 });
    await pressedTwice(card);
    await outcomeIn(ada.dm(), card);
    expect(read(card)).toContain('the result is in your DMs');
  });

  it('is shown by a later press where the press that brought it could not change its card', async () => {
    const channel = test.discord.channel('unchanged');
    const card = await dune(channel);
    test.servers.radarr.faults.next({ kind: 'delay', ms: 300 }, { match: /POST/ });
    const presses = [ada.press(card, 'Request'), ada.press(card, 'Request')];
    await becomes(card, '⏳');
    // Of the first press alone.
    test.discord.fail({ match: /^PATCH \/webhooks\//, status: 403 });
    await Promise.all(presses.map(handled));
    expect(read(card)).toContain('Requested. Radarr is looking for it');
  });

  it('goes to a DM when the person prefers that', async () => {
    await inDatabase(async (db) => {
      const user = await getUserByDiscordId(db, { discordId: ada.id });
      if (user === null) throw new Error('the user is gone');
      await mergeUserPreferences(db, { userId: user.id, preferences: { outcomes: 'dm' } });
    });
    const channel = test.discord.channel('quiet');
    const card = await dune(channel);
    await ada.press(card, 'Request').acknowledged();
    await outcomeIn(ada.dm(), card);
    await becomes(card, 'the result is in your DMs');
    expect(ada.sees(channel).filter((message) => message.ephemeralFor === null)).toHaveLength(0);
  });
});

describe('the conversation', () => {
  it('keeps the command, and the call with how it ended', async () => {
    const channel = test.discord.channel('kept');
    const card = await dune(channel);
    await ada.press(card, 'Request').acknowledged();
    await becomes(card, '✅');
    await inDatabase(async (db) => {
      const user = await getUserByDiscordId(db, { discordId: ada.id });
      if (user === null) throw new Error('the user is gone');
      const place = { userId: user.id, channelId: channel.id, guildId: channel.guildId };
      const chat = await getOrCreateCurrentChat(db, place);
      const [asked, answered, ...more] = await getRecentMessages(db, { chatId: chat.id, limit: 10 });
      expect(more).toEqual([]);
      expect(asked?.parts).toEqual([{ type: 'text', text: '/request movie title: Dune (2021)' }]);
      const [call] = await getToolCallsByMessageId(db, { messageId: answered?.id ?? '' });
      expect(call).toMatchObject({ toolName: 'request_movie', status: 'succeeded', userId: user.id });
      expect(answered?.parts).toMatchObject([
        { type: 'text', text: expect.stringContaining('Dune (2021)') },
        {
          type: 'tool-request_movie',
          toolCallId: call?.id,
          state: 'output-available',
          output: { result: 'requested' },
        },
      ]);
    });
  });
});
