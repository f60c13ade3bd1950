import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Message } from '../../playground/discord/state.ts';
import { controlMessages } from '../../src/commands/cards/controls.ts';
import { chooseUserMessages } from '../../src/commands/services/choose-user.ts';
import { configureMessages } from '../../src/commands/services/configure.ts';
import { configureButtonMessages } from '../../src/commands/services/configure-button.ts';
import { servicesCommandMessages } from '../../src/commands/services/definition.ts';
import { lastCheckMessages } from '../../src/commands/services/last-check.ts';
import { configureFormMessages } from '../../src/commands/services/modal.ts';
import { refusedMessages } from '../../src/commands/services/refused.ts';
import { removeServiceMessages } from '../../src/commands/services/remove.ts';
import { saveServiceMessages } from '../../src/commands/services/save-draft.ts';
import { storedServiceMessages } from '../../src/commands/services/stored.ts';
import { switchServiceMessages } from '../../src/commands/services/switch.ts';
import { testServicesMessages } from '../../src/commands/services/test-connections.ts';
import { serviceLineMessages } from '../../src/commands/services/words.ts';
import { servicesMessages } from '../../src/commands/services.ts';
import { openDatabase } from '../../src/db/connection.ts';
import { getOrCreateCurrentChat } from '../../src/db/queries/chats.ts';
import { getRecentMessages } from '../../src/db/queries/messages.ts';
import { getUserByDiscordId } from '../../src/db/queries/users.ts';
import { languages } from '../../src/languages/languages.ts';
import type { MessageTable } from '../../src/messages.ts';
import { failureMessages } from '../../src/services/describe-failure.ts';
import { jellyfinWords } from '../../src/services/jellyfin/words.ts';
import { addressMessages } from '../../src/services/normalise-address.ts';
import { radarrWords } from '../../src/services/radarr/words.ts';
import { patientTalk, startTestBot, type TestBot } from '../bot.ts';

/** What the people of the playground speak. */
const locale = 'en-US';
const tables: MessageTable[] = [
  ...[
    controlMessages,
    servicesMessages,
    chooseUserMessages,
    configureMessages,
    configureButtonMessages,
    servicesCommandMessages,
  ],
  ...[lastCheckMessages, configureFormMessages, refusedMessages, removeServiceMessages, saveServiceMessages],
  ...[storedServiceMessages, switchServiceMessages, testServicesMessages, serviceLineMessages],
  ...[failureMessages, addressMessages, jellyfinWords, radarrWords],
];

let test: TestBot;
beforeAll(async () => {
  // A language that puts each English sentence in brackets: what is outside of all brackets was not said in it.
  const texts = new Map<string, Record<string, string>>();
  for (const message of tables.flatMap((table) => Object.values(table))) {
    const [subject = '', name = ''] = message.id.split('.');
    texts.set(subject, { ...texts.get(subject), [name]: `⟦${message.english}⟧` });
  }
  const language = Object.fromEntries([...texts].map(([subject, ofSubject]) => [subject, { texts: ofSubject }]));
  if (!(languages instanceof Map)) throw new Error('no language can be added');
  languages.set(locale, language);
  test = await startTestBot({
    discord: patientTalk.discord,
    environment: { ...patientTalk.environment, SERVICE_TIMEOUT_MS: '10000' },
  });
});
afterAll(() => test.stop());

/** Every text of a message or a form that is for reading, but the options of a select: they are names of the server's. */
function wordsOf(shown: unknown): string[] {
  if (Array.isArray(shown)) return shown.flatMap(wordsOf);
  if (typeof shown !== 'object' || shown === null) return [];
  return Object.entries(shown).flatMap(([name, value]) =>
    typeof value === 'string' && ['content', 'label', 'description', 'placeholder', 'title'].includes(name)
      ? [value]
      : name === 'options'
        ? []
        : wordsOf(value),
  );
}

/** What of it was not said in the language of the test: names of programs, addresses and versions are none of any. */
function unsaid(shown: unknown): string[] {
  const words = wordsOf(shown).filter((text) => text !== '');
  expect(words.length).toBeGreaterThan(0);
  return words.map((text) => {
    let left = text;
    while (/⟦[^⟦⟧]*⟧/.test(left)) left = left.replaceAll(/⟦[^⟦⟧]*⟧/g, '');
    return left.replaceAll(/\bRadarr\b|`?https?:\/\/\S+|\bv[\d.]+/g, '');
  });
}

function expectSaid(shown: unknown): void {
  expect(unsaid(shown).filter((left) => /\p{L}/u.test(left))).toEqual([]);
}

it('says all of /services in the language of whoever reads it, and keeps it in English for the model', async () => {
  const person = test.discord.person('Reader');
  const dm = person.dm();
  const reply = async (command: string, options: Record<string, string> = {}): Promise<Message> => {
    const message = await person.slash(dm, command, options).reply();
    expectSaid(message);
    return message;
  };
  const changed = async (card: Message, words: string): Promise<void> => {
    const now = () => test.discord.state.messages.get(card.id) ?? card;
    await test.discord.until(() => wordsOf(now()).join('\n').includes(words));
    expectSaid(now());
  };
  await reply('services list');
  const typed = test.setup.typed('radarr');
  const modal = await person.slash(dm, 'services configure', { service: 'radarr' }).modal();
  expectSaid(modal.data);
  const noAddress = await person.submitModal(modal, { ...typed, address: 'http://' }).reply();
  expectSaid(noAddress);
  const retried = await person.press(noAddress, '⟦Try again⟧').modal();
  expectSaid(retried.data);
  const wrong = await person.submitModal(retried, { ...typed, secret: 'wrong-key-canary-30' }).reply();
  expectSaid(wrong);
  expect(wordsOf(wrong).join('\n')).toContain('⟦⚠️ **Radarr is not saved.**⟧ ⟦Radarr does not accept the key.⟧');
  await person.press(wrong, '⟦Save anyway⟧').acknowledged();
  await changed(wrong, 'is saved, but');
  await reply('services list');
  expectSaid(await test.setup.configure(person, 'radarr', typed));
  for (const command of ['test', 'list', 'disable', 'test', 'enable', 'remove'])
    await reply(`services ${command}`, command === 'list' ? {} : { service: 'radarr' });
  expectSaid(await test.setup.configure(person, 'radarr', { address: test.servers.sonarr.url, secret: '' }));
  const jellyfin = await test.setup.configure(person, 'jellyfin', test.setup.typed('jellyfin'));
  expectSaid(jellyfin);
  const kept = await reply('services remove', { service: 'radarr' });
  await person.press(kept, '⟦Keep it⟧').acknowledged();
  await changed(kept, 'Kept.');
  const removed = await reply('services remove', { service: 'radarr' });
  const late = await reply('services remove', { service: 'radarr' });
  await person.press(removed, '⟦Remove⟧').acknowledged();
  await changed(removed, 'is removed.');
  await person.press(late, '⟦Remove⟧').acknowledged();
  expectSaid(await person.waitFor(dm, (message) => wordsOf(message).join().includes('That was already done')));
  await test.bot.stop();
  const recorded = (await answersOf(person.id, dm.id)).join('\n');
  expect(recorded).toMatch(/Not saved: Radarr does not accept the key[\s\S]*Radarr was saved without a working/);
  expect(recorded).toMatch(/✅ \*\*Radarr\*\* answers \([\s\S]*\*\*Radarr\*\* is removed\. Its address/);
  // What a server holds is asked for once, in the words of whoever asks.
  expect(recorded.replaceAll(/⟦\d+ films?, \d+ in the queue⟧/g, '')).not.toMatch(/[⟦⟧]/);
});

/** The texts that were stored as the bot's. */
async function answersOf(discordId: string, channelId: string): Promise<string[]> {
  const opened = await openDatabase({ dataDir: test.folder.dataDir });
  try {
    const user = await getUserByDiscordId(opened.db, { discordId });
    if (user === null) throw new Error('the person was not saved');
    const chat = await getOrCreateCurrentChat(opened.db, { userId: user.id, channelId, guildId: null });
    const messages = await getRecentMessages(opened.db, { chatId: chat.id, limit: 100 });
    return messages
      .filter(({ role }) => role === 'assistant')
      .flatMap(({ parts }) => parts.map((part) => (part.type === 'text' ? part.text : '')));
  } finally {
    await opened.close();
  }
}
