import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { modelMessages } from '../../src/chat/model-errors.ts';
import { textOf } from '../../src/chat/parts.ts';
import { claimFreeTurn, getExpiredTurns } from '../../src/db/queries/streams.ts';
import { ChatSDKError } from '../../src/errors.ts';
import { type Say, speak } from '../../src/messages.ts';
import { errorMessages } from '../../src/tools/describe-error.ts';
import { tools } from '../../src/tools/registry.ts';
import { type Conversations, endCutTurn, type SeenSink, seenSink, startConversations } from './conversation.ts';
import { call, calling, cut, hang, later, type Reply, say, status } from './scripted-model.ts';

const german = new Map([
  [modelMessages.thinking.id, 'Denkt nach'],
  [modelMessages.readyWhenYouAre.id, 'Wenn du so weit bist:'],
  [modelMessages.emptyAnswer.id, 'Das Sprachmodell gab keine Antwort.'],
  [modelMessages.none.id, 'Es ist kein Sprachmodell eingerichtet.'],
  [modelMessages.restarted.id, '⚠️ Der Bot wurde mitten in dieser Antwort neu gestartet.'],
  [modelMessages.brokeOff.id, 'Die Antwort brach ab.'],
  [modelMessages.busy.id, 'Das Sprachmodell ist beschäftigt.'],
  [modelMessages.saidToHost.id, 'Sein Server sagte: „{words}“'],
  [modelMessages.tooManyCards.id, 'Das sind die ersten fünf.'],
  [tools.search_movies.words.activity.id, 'Sucht in Radarr'],
  [errorMessages.noDatabase.id, 'Die Datenbank des Bots hat nicht geantwortet.'],
]);
const inGerman: Say = speak('de', (id) => german.get(id));
const germanSink = (): SeenSink => ({ ...seenSink(), say: inGerman });

let test: Conversations;
beforeAll(async () => {
  test = await startConversations();
});
afterEach(() => expect(test.model.clear()).toBe(0));
afterAll(() => test.stop());

it('says what it does while it answers in the language of whoever reads it, which the model does not see', async () => {
  const ada = await test.someone('radarr');
  test.model.script(call(calling('search_movies', { query: 'dune' })), say('Drei Filme.'));
  const seen = await test.say(ada, 'welche Filme gibt es?', { sink: germanSink() });
  expect(seen.activities).toEqual(['Denkt nach', 'Sucht in Radarr']);
  expect(seen.finished).toEqual(['Drei Filme.']);
  expect(test.model.asked.at(-1)?.body).not.toMatch(/Denkt|Sucht/);
});

it.each<[name: string, replies: Reply[], words: string]>([
  ['that gives nothing', [say()], 'Das Sprachmodell gab keine Antwort.'],
  ['that is busy', [status(429, 'slow down')], 'Das Sprachmodell ist beschäftigt. Sein Server sagte: „slow down“'],
  ['that breaks off', [cut('halb')], 'halb\n\nDie Antwort brach ab.'],
  ['that only asks for a card', [call(calling('request_movie', { tmdbId: 438631 }))], 'Wenn du so weit bist:'],
  [
    'that asks for too many cards',
    [call(...[1, 2, 3, 4, 5, 6].map((tmdbId) => calling('request_movie', { tmdbId })))],
    'Das sind die ersten fünf.',
  ],
])('says and stores what is to be said of a model %s in that language', async (_name, replies, words) => {
  const ada = await test.someone('radarr');
  test.model.script(...replies);
  const context = { ...test.context, wordsForHost: (_user: unknown, said: string) => said };
  const seen = await test.say(ada, 'hallo', { context, sink: germanSink() });
  expect(seen.finished).toEqual([words]);
  expect((await test.messages(ada)).map(({ parts }) => textOf(parts))).toEqual(['hallo', words]);
});

it('says in that language that no model is set up', async () => {
  const ada = await test.someone();
  const seen = await test.say(ada, 'hallo', { context: { ...test.context, model: null }, sink: germanSink() });
  expect(seen.finished).toEqual(['Es ist kein Sprachmodell eingerichtet.']);
});

it('stores in that language why an answer failed', async () => {
  const ada = await test.someone();
  const sink = germanSink();
  sink.activity = () => {
    throw new ChatSDKError('offline:database', 'no answer');
  };
  await expect(test.say(ada, 'hallo', { sink })).rejects.toThrow('no answer');
  const stored = (await test.messages(ada)).map(({ parts }) => textOf(parts));
  expect(stored).toEqual(['hallo', 'Die Datenbank des Bots hat nicht geantwortet.']);
});

it('knows an answer that was cut off in whatever language: shown later, it can be asked for again', async () => {
  const ada = await test.someone();
  const leaving = new AbortController();
  const cutOff: Reply = later(Promise.resolve(), (response, asked) => {
    leaving.abort(new Error('the bot is stopping'));
    return hang('halb')(response, asked);
  });
  test.model.script(cutOff);
  const context = { ...test.context, signal: leaving.signal };
  const dies = { ...germanSink(), finish: () => Promise.reject(new Error('killed')) };
  await expect(test.say(ada, 'hallo', { context, sink: dies })).rejects.toThrow('killed');
  const [asked, answer] = await test.messages(ada);
  const { db } = test.context.ledger;
  const dead = { chatId: ada.chat.id, owner: 'dead', leaseMs: 1, messageId: asked?.id ?? '' };
  expect(await claimFreeTurn(db, dead)).not.toBeNull();
  await expect.poll(() => getExpiredTurns(db, { chatId: ada.chat.id })).toHaveLength(1);
  const [turn] = await getExpiredTurns(db, { chatId: ada.chat.id });
  if (turn === undefined) throw new Error('there is no such turn');
  const shown: { text: string; answerId: string | undefined }[] = [];
  const inEnglish: SeenSink = {
    ...seenSink(),
    finish: async (text, again) => [`shown-${shown.push({ text, answerId: again?.answerId })}`],
  };
  await endCutTurn(test.context, turn, inEnglish);
  expect(shown).toEqual([{ text: textOf(answer?.parts ?? []), answerId: answer?.id }]);
  expect(shown[0]?.text).toContain('⚠️ Der Bot wurde mitten in dieser Antwort neu gestartet.');
  test.model.script(say('Hier bin ich.'));
  expect((await test.say(ada, 'und jetzt?', { sink: germanSink() })).finished).toEqual(['Hier bin ich.']);
});
