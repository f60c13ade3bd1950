// Before all else: a command's description is put into words when it is imported.
import './bracketed.ts';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Person } from '../../playground/discord/person.ts';
import type { Message } from '../../playground/discord/state.ts';
import { openDatabase } from '../../src/db/connection.ts';
import { getOrCreateCurrentChat } from '../../src/db/queries/chats.ts';
import { getRecentMessages } from '../../src/db/queries/messages.ts';
import { getUserByDiscordId } from '../../src/db/queries/users.ts';
import { startTestBot, type TestBot } from '../bot.ts';
import { bracketed, unsaidIn } from './bracketed.ts';

let test: TestBot;
let ada: Person;
beforeAll(async () => {
  test = await startTestBot({ environment: { ALLOWED_USERS: '*', SERVICE_ADDRESSES: 'private-allowed' } });
  ada = test.discord.person('Ada');
  await test.setup.all(ada, 'radarr', 'sonarr', 'jellyseerr', 'qbittorrent');
  await test.setup.configure(ada, 'jellyfin', test.setup.typed('jellyfin'));
  ada.account.locale = bracketed;
});
afterAll(() => test.stop());
beforeEach(() => {
  const { servers } = test;
  for (const server of [servers.radarr, servers.sonarr, servers.jellyfin, servers.jellyseerr, servers.qbittorrent])
    server.faults.clear();
});

/** What servers call their titles, people and devices, and what is the same in every language. */
const names =
  /Radarr|Sonarr|Jellyfin|Seerr|qBittorrent|(The )?Matrix( \w+)?|Breaking Bad|Alien|Inception|Chernobyl|Blade[ .]Runner[ .]2049|Grace|Living room TV|\bv\d[\d.]*|[\w.-]+-amd64[\w.-]*|\S+\.(iso|1080p)\S*|“[^”]*”|`[^`]*`/g;

/** Every text of a message that is for reading. */
function wordsOf(shown: unknown): string[] {
  if (Array.isArray(shown)) return shown.flatMap(wordsOf);
  if (typeof shown !== 'object' || shown === null) return [];
  return Object.entries(shown).flatMap(([name, value]) =>
    typeof value === 'string' && ['content', 'label', 'description', 'placeholder'].includes(name)
      ? [value.replaceAll('\\', '')]
      : wordsOf(value),
  );
}

function now(message: Message): Message {
  return test.discord.state.messages.get(message.id) ?? message;
}

/** All of it was said in the reader's language; gives the words. */
function expectSaid(shown: unknown): string {
  const words = wordsOf(shown).filter((text) => text !== '');
  expect(words.length).toBeGreaterThan(0);
  // What `/services` says of itself is tried where it is.
  const own = words.flatMap((text) => text.split('\n')).filter((line) => !/^(`\/services|Set up )/.test(line));
  const left = own.map((line) => unsaidIn(line).replaceAll(names, ''));
  expect(left.filter((line) => /\p{L}/u.test(line))).toEqual([]);
  return words.join('\n');
}

const said = async (person: Person, command: string, options: Record<string, string> = {}): Promise<Message> => {
  const reply = await person.slash(person.dm(), command, options).reply();
  await test.discord.until(() => !wordsOf(now(reply)).join().includes('⏳'));
  expectSaid(now(reply));
  return reply;
};

it('says what a person without servers can do in their language', async () => {
  const bea = test.discord.person('Bea');
  bea.account.locale = bracketed;
  for (const command of ['help', 'status', 'downloads', 'library recent', 'preferences']) await said(bea, command);
  await said(bea, 'request movie', { title: 'dune' });
  await said(bea, 'request tv', { title: 'dark' });
});

it('says lists in the language of whoever reads them, with what could not be asked', async () => {
  await said(ada, 'help');
  await said(ada, 'preferences', { outcomes: 'dm' });
  await said(ada, 'library search', { query: 'matrix' });
  await said(ada, 'library search', { query: 'zzz' });
  await said(ada, 'library search', { query: '\u200b ' });
  await said(ada, 'library playing');
  test.servers.jellyfin.faults.next({ kind: 'status', status: 503 }, { times: 3 });
  expect(expectSaid(now(await said(ada, 'library recent')))).toContain('⚠️ ⟦Jellyfin had an internal error');
  test.servers.sonarr.faults.next({ kind: 'status', status: 401 }, { times: 3 });
  expect(expectSaid(now(await said(ada, 'status')))).toContain('⚠️ **Sonarr:** ⟦Sonarr does not accept the key.');
});

it('says downloads and what a press on them did in the language of whoever reads them', async () => {
  test.servers.sonarr.faults.next({ kind: 'status', status: 401 }, { times: 1 });
  const card = await said(ada, 'downloads');
  expect(expectSaid(card)).toContain('⚠️ ⟦Sonarr does not accept the key.');
  await ada.press(card, '⟦Pause all⟧').acknowledged();
  await test.discord.until(() => wordsOf(now(card)).join().includes('⟦⏸️ Paused'));
  expectSaid(now(card));
  await ada.press(card, '⟦Resume all⟧').acknowledged();
  await test.discord.until(() => wordsOf(now(card)).join().includes('⟦▶️ Resumed'));
});

it('says in the language of whoever asks which titles there are, and what failed', async () => {
  await said(ada, 'preferences', { requests: 'direct' });
  expect(expectSaid(await said(ada, 'request movie', { title: 'matrix' }))).toContain('⟦**Which film?**');
  await said(ada, 'request movie', { title: 'zzzz' });
  await said(ada, 'request tv', { title: ' ' });
  test.servers.radarr.faults.next({ kind: 'status', status: 500 }, { times: 3 });
  await said(ada, 'request movie', { title: 'heat' });
});

it('keeps all of that in English for the model', async () => {
  await test.bot.stop();
  const kept = await answersTo('Ada', 'Bea');
  for (const words of [
    /\*\*Or just write to me\*\* here/,
    /\*\*1\.\*\* Set up your server/,
    /`\/request movie`: Request a film/,
    /sent to you \*\*in a DM\*\*/,
    /Shown: Nothing in your library matches “zzz”/,
    /Shown: ## Recently added to the library[\s\S]*⚠️ Jellyfin had an internal error/,
    /Shown: ✅ \*\*Radarr\*\*[\s\S]*⚠️ \*\*Sonarr:\*\* Sonarr does not accept the key/,
    /Shown: [^\n]*\(\d+ %\)\. Sonarr does not accept the key/,
    /Radarr is not set up for you, so films can’t be requested yet/,
    /Radarr found no film for “zzzz”/,
    /Radarr had an internal error \(HTTP 500\)/,
  ])
    expect(kept).toMatch(words);
  // What a server holds is asked for once, in the words of whoever asks.
  expect(kept.replaceAll(/✅ [^\n]*/g, '')).not.toMatch(/[⟦⟧]/);
});

/** What the bot's answers to these people were stored as. */
async function answersTo(...people: string[]): Promise<string> {
  const opened = await openDatabase({ dataDir: test.folder.dataDir });
  try {
    const texts: string[] = [];
    for (const name of people) {
      const person = test.discord.person(name);
      const user = await getUserByDiscordId(opened.db, { discordId: person.id });
      if (user === null) throw new Error(`${name} was not saved`);
      const chat = await getOrCreateCurrentChat(opened.db, {
        userId: user.id,
        channelId: person.dm().id,
        guildId: null,
      });
      for (const { role, parts } of await getRecentMessages(opened.db, { chatId: chat.id, limit: 100 }))
        if (role === 'assistant') texts.push(...parts.map((part) => (part.type === 'text' ? part.text : '')));
    }
    return texts.join('\n');
  } finally {
    await opened.close();
  }
}

it('registers the commands in every language, and at the next start not again', async () => {
  const registered = JSON.stringify(test.discord.state.commands);
  expect(registered).toContain(`"description_localizations":{"${bracketed}":"⟦`);
  const puts = () =>
    test.discord.rest.journal.filter(({ method, path }) => method === 'PUT' && path.endsWith('/commands')).length;
  const before = puts();
  await test.restart();
  expect(puts()).toBe(before);
});
