import { readdir, readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { looseWordsIn } from './loose-words.ts';

const source = new URL('../../src/', import.meta.url);

/** The folders in which everything said to people is a message. */
const folders = ['bot', 'chat', 'commands', 'services', 'tools'];
/** Files of them whose texts are not for people who use the bot, and why. */
const exempt: Record<string, string> = {
  'bot/background.ts': 'asks the database in SQL',
  'bot/http-server.ts': 'answers the host’s monitoring, and says in their terminal what stops the start',
  'bot/log-in.ts': 'says in the host’s terminal what stops the start',
  'bot/metrics.ts': 'explains the metrics to whoever hosts the bot',
  'bot/open-keyring.ts': 'announces the new key in the host’s log',
  'bot/presence.ts': 'says in the log how work is resumed',
  'bot/start-bot.ts': 'says in the host’s terminal what stops the start, and tells their monitoring what is missing',
  'chat/bounded-model.ts': 'tells the model which limit it has met',
  'chat/history.ts': 'tells the model what a message had besides words',
  'chat/instructions.ts': 'tells the model what it is there for',
  'chat/parts.ts': 'tells the model why a call gave nothing',
  'chat/refused-input.ts': 'tells the model why a call was refused',
  'chat/replayable.ts': 'tells the model how a call ended',
  'commands/services/recorded-words.ts': 'what the conversation keeps for the model alone',
  'tools/bounded-output.ts': 'what says that something was left out is for the model',
  'tools/model-tools.ts': 'tells the model how to call a tool',
  'tools/answer-words.ts': 'what the playground’s model says of results, beside the sentences that it understands',
  'tools/sentences.ts': 'examples of sentences, of which each language has its own',
  'tools/titles/title-sentences.ts': 'sentences that ask for operations, of which each language has its own',
};

it.each(folders)('says everything in src/%s by messages, so that each sentence can be translated', async (folder) => {
  const entries = await readdir(new URL(`${folder}/`, source), { recursive: true });
  const files = entries.filter((name) => name.endsWith('.ts')).map((name) => `${folder}/${name}`);
  expect(files.length).toBeGreaterThan(0);
  const loose: string[] = [];
  for (const file of files.filter((name) => exempt[name] === undefined)) {
    const text = await readFile(new URL(file, source), 'utf8');
    const keepsDescriptions = file.startsWith('tools/');
    for (const { line, text: words } of looseWordsIn(text, { keepsDescriptions }))
      loose.push(`src/${file}:${line} ${words}`);
  }
  expect(loose).toEqual([]);
});

it('exempts no file that is gone', async () => {
  for (const file of Object.keys(exempt)) await readFile(new URL(file, source));
});

it('finds words that stand outside of a table, and none in tables, logs, errors and code', () => {
  const words = (text: string) => looseWordsIn(text, { keepsDescriptions: true }).map(({ text: found }) => found);
  expect(words("say('It is there.');")).toEqual(['It is there.']);
  expect(words("const row = { label: 'Request' };")).toEqual(['Request']);
  expect(words(['return `', '{count} torrents are left`;'].join('$'))).toEqual(['{} torrents are left']);
  expect(words("throw new UserError('Choose at least one.');")).toEqual(['Choose at least one.']);
  expect(words("const form = { label: 'API key', name: 'Radarr server' };")).toEqual(['API key', 'Radarr server']);
  expect(words("throw new UserError((say) => 'No server is set up.');")).toEqual(['No server is set up.']);
  expect(words("const help = '/services configure';")).toEqual(['/services configure']);
  expect(words("const words = messages('x', { gone: 'It is gone.' });")).toEqual([]);
  expect(words("log.info({ id }, 'a call ended');")).toEqual([]);
  expect(words("log[level]({ id }, 'a call ended');")).toEqual([]);
  expect(words("context.log[level]({ id }, 'a call failed');")).toEqual([]);
  expect(words("writers[state]('It is there.');")).toEqual(['It is there.']);
  expect(words("throw new Error('this cannot be');")).toEqual([]);
  expect(words("callback(new OwnAddressError('own address'));")).toEqual([]);
  expect(words("controller.abort(new DOMException('it was silent', 'TimeoutError'));")).toEqual([]);
  expect(words("const schema = z.literal('Jellyfin Server');")).toEqual([]);
  expect(words("const [label, path] = ['Radarr', '/Users'];")).toEqual([]);
  expect(words("const query = { sortOrder: 'Descending', format: 'Jpg' };")).toEqual([]);
  expect(words("socket.write('Host: nas\\r\\nConnection: close\\r\\n');")).toEqual([]);
  expect(words("const tool = { description: 'Pause torrents.' };")).toEqual([]);
  expect(words("import { a } from 'Some where';\nif (state === 'Not There') stop();")).toEqual([]);
});
