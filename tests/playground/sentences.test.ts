import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Message } from '../../playground/discord/state.ts';
import { decide } from '../../playground/model/brain.ts';
import { matcherOf } from '../../playground/model/match.ts';
import { operations } from '../../playground/model/operations.ts';
import { type PlaygroundModel, startModel } from '../../playground/model/start-model.ts';
import { talk } from '../../playground/model/talk.ts';
import { serviceNames } from '../../src/services/registry.ts';
import { isToolName, type ToolName, tools } from '../../src/tools/registry.ts';
import { exampleOf, examplesOf, formsOf } from '../../src/tools/sentences.ts';
import { patientTalk, startTestBot, type TestBot } from '../bot.ts';
import { addRequests } from '../press-tools.ts';
import { isWaitingCard, pressLabel } from '../settled-card.ts';

const names = Object.keys(tools).filter(isToolName);
const templates = [...Object.values(tools).flatMap(({ sentences }) => [...sentences.phrases]), ...talk].flatMap(
  ({ says }) => [...says],
);
const said = (text: string, offered: readonly string[] = names) =>
  decide({ messages: [{ role: 'user', text, calls: [], callId: null }], tools: offered });

describe('sentences with slots', () => {
  const match = matcherOf([...new Set(templates)]);

  it.each(names)('asks for what the sentences of %s cannot say at operations that there are', (name) => {
    for (const { origins } of Object.values(operations.get(name)?.sentences.input ?? {}))
      for (const origin of origins)
        if (typeof origin !== 'string')
          expect(operations.get(origin.lookUp)?.tells, origin.lookUp).toBeTypeOf('function');
  });

  it('understands each of its sentences, however it is said, as that sentence and no other', () => {
    const examples = names.flatMap((name) =>
      examplesOf(tools[name]).flatMap(({ template, forms }) => forms.map((text) => [text, template])),
    );
    const small = talk.flatMap(({ says }) =>
      says.flatMap((template) => formsOf(template).map((text) => [text, template])),
    );
    for (const [text = '', template] of [...examples, ...small])
      expect([text, match(text)?.template]).toEqual([text, template]);
    expect(examples.length).toBeGreaterThan(names.length * 3);
  });

  it('takes the most specific sentence, in whatever order they stand, and none of two that are equally specific', () => {
    const two = ['get {title}', 'get season {seasons} of {title}'];
    for (const order of [two, two.toReversed()])
      expect(matcherOf(order)('Can you get season 2 of Andor, please?')).toEqual({
        template: 'get season {seasons} of {title}',
        values: { seasons: [2], title: 'Andor' },
      });
    expect(matcherOf(['get {title} now', 'get dune {title}'])('get dune now')).toBeNull();
  });

  it('reads what stands in the slots', () => {
    const values = (text: string) => match(text)?.values;
    expect(values('add Blade Runner (1982)')).toEqual({ title: 'Blade Runner', year: 1982 });
    expect(values('get Blade Runner 2049 for me')).toEqual({ title: 'Blade Runner 2049' });
    expect(values('could you fetch “Spirited Away”?')).toEqual({ title: 'Spirited Away' });
    expect(values('request Ted Lasso, seasons 1 and 3')).toEqual({ title: 'Ted Lasso', seasons: [1, 3] });
    expect(values('add Game of Thrones seasons 1 to 3')).toEqual({ title: 'Game of Thrones', seasons: [1, 2, 3] });
    expect(values("I'd like to see The Matrix tonight")).toEqual({ title: 'The Matrix' });
  });
});

describe('what leads to no call', () => {
  it('says what it does not understand, with three examples of what the person’s servers can do', () => {
    expect(said('the weather in the mountains')).toEqual({
      say: 'I am only the playground’s small model and did not understand that. Try “get Dune”, “get season 1 of Severance”, “what is downloading”.',
    });
    expect(said('the weather', ['get_sessions', 'pause_torrents'])).toEqual({
      say: expect.stringMatching(/did not understand that\. Try “pause everything”, “who is watching”\.$/),
    });
  });

  it('says what it can do, and that a yes is a press', () => {
    for (const asked of ['help', 'What can you do?'])
      expect(said(asked)).toEqual({ say: expect.stringContaining('Try “get Dune”') });
    for (const agreed of ['yes', 'ok!', 'Go ahead.'])
      expect(said(agreed)).toEqual({ say: expect.stringContaining('waits for your press') });
  });

  it('says so when the operation is not offered', () => {
    expect(said('get me Dune', ['get_service_status'])).toEqual({
      say: expect.stringContaining('isn’t set up for you'),
    });
  });
});

describe('a sentence said to the bot', () => {
  let model: PlaygroundModel;
  let test: TestBot;
  beforeAll(async () => {
    model = await startModel();
    test = await startTestBot({
      ...patientTalk,
      environment: { ...patientTalk.environment, OPENAI_BASE_URL: model.url, SERVICE_TIMEOUT_MS: '5000' },
    });
    for (const service of serviceNames) await test.setup.all(test.discord.person(service), service);
    addRequests(test.servers);
  });
  afterAll(async () => {
    await test.stop();
    await model.stop();
  });

  it.each(names)('leads to %s, with an input that it takes', async (name) => {
    const sayings = examplesOf(tools[name]).map(({ forms: [text = ''], recalls }) => ({ text, recalls }));
    await Promise.all(sayings.map(({ text, recalls }) => leadsTo(name, text, recalls)));
  });

  it.each([...serviceNames, null])('is understood where /help names it to someone with %s alone', async (service) => {
    const person = test.discord.person(service ?? 'nobody');
    const help = test.discord.render(await person.slash(person.dm(), 'help').reply());
    const offered = Object.values(tools).filter(({ services }) =>
      services.some((one) => service === null || one === service),
    );
    const named = /just write to me.*/.exec(help)?.[0].matchAll(/“([^”]+)”/g) ?? [];
    const examples = [...named].map(([, sentence = '']) => sentence);
    expect(examples).toHaveLength(3);
    for (const sentence of examples) {
      const operation = offered.find((tool) => exampleOf(tool) === sentence);
      expect(operation, `${sentence} is an operation’s own example`).toBeDefined();
      const decision = said(
        sentence,
        offered.map(({ name }) => name),
      );
      expect(decision, sentence).toHaveProperty('call');
    }
  });

  /** Said by someone with the operation's first service alone, so that the sentence means nothing else. */
  async function leadsTo(name: ToolName, sentence: string, recalls: string | undefined): Promise<void> {
    const person = test.discord.person(tools[name].services[0]);
    const channel = test.discord.channel(`c${test.discord.state.channels.size}`);
    const before = model.decisions().length;
    if (recalls !== undefined) {
      if (!isToolName(recalls)) throw new Error(`${name} recalls ${recalls}, which does not exist`);
      await answered(exampleOf(tools[recalls]), 1);
    }
    await answered(sentence, recalls === undefined ? 1 : 2);
    const calls = model
      .decisions()
      .slice(before)
      .filter(({ turn }) => turn.messages.findLast(({ role }) => role === 'user')?.text.includes(sentence))
      .flatMap(({ decision }) => ('call' in decision ? [decision] : []));
    const call = calls.at(-1);
    expect([sentence, call?.call]).toEqual([sentence, name]);
    expect(tools[name].input.safeParse(call?.input)).toMatchObject({ success: true });
    if (tools[name].effect !== 'read') expect(await hasCard(), `the card of ${name} after “${sentence}”`).toBe(true);

    /** It may come a moment after the answer. That of the first sentence can be pressed as it is: fault places and kill points do. */
    async function hasCard(): Promise<boolean> {
      const isCard = (message: Message) =>
        sentence === exampleOf(tools[name])
          ? pressLabel(test.discord, message) !== null
          : isWaitingCard(test.discord, message);
      return test.discord.until(() => person.sees(channel).some(isCard)).catch(() => false);
    }

    async function answered(text: string, count: number): Promise<void> {
      person.say(channel, text, { mention: true });
      await test.discord.until(() => {
        const shown = person.sees(channel).filter(({ authorId }) => authorId === test.discord.state.bot.id);
        const ends = shown.map((message) => test.discord.render(message)).filter((one) => !one.includes('-# '));
        return ends.length >= count;
      }, 60_000);
    }
  }
});
