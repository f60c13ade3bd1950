import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { interactionEvent } from '../../playground/discord/interaction-event.ts';
import type { Person } from '../../playground/discord/person.ts';
import { type Channel, snowflake } from '../../playground/discord/state.ts';
import type { Json } from '../../playground/json.ts';
import { type PlaygroundModel, startModel } from '../../playground/model/start-model.ts';
import { commands } from '../../src/commands/registry.ts';
import { serverIsHostile } from '../api-documents/check-exchanges.ts';
import { patientTalk, startTestBot, type TestBot } from '../bot.ts';
import { extent } from '../extent.ts';

const count = extent === 'few' ? 500 : 10_000;
const atOnce = 40;
/** Messages do not wait for each other here: on a busy machine their turns hold up the database. What is lost is never answered. */
const longestMs = 120_000;

let test: TestBot;
let model: PlaygroundModel;
beforeAll(async () => {
  model = await startModel();
  test = await startTestBot({
    ...patientTalk,
    environment: { ...patientTalk.environment, OPENAI_BASE_URL: model.url, LOG_LEVEL: 'warn' },
  });
  await test.setup.all(test.discord.person('Ada'), 'radarr', 'sonarr');
});
afterAll(async () => {
  await test.stop();
  // Of the last events the bot still answers some when the test has ended.
  serverIsHostile();
  await model.stop();
});

/** Text as people, and those who mean harm, type it. */
const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constantFrom(
    '',
    ' ',
    '@everyone',
    'get me Dune',
    'yes',
    '\u0000',
    '‮evil',
    '<@&1>',
    '```',
    'x'.repeat(4000),
    'tmdb:603',
  ),
);
const names = commands.flatMap(({ definition }) => [definition.name]);
const prefixes = commands.flatMap(({ components }) => Object.keys(components ?? {}));
const customId = fc
  .tuple(
    fc.oneof(fc.constantFrom(...prefixes), text),
    fc.array(fc.oneof(text, fc.uuid(), fc.constantFrom('press', 'cancel', 'again', 'set', 'page', '-1', 'radarr')), {
      maxLength: 4,
    }),
  )
  .map(([prefix, args]) => [prefix, ...args].join(':').slice(0, 100));

const option: fc.Arbitrary<Json> = fc.record({
  name: fc.oneof(fc.constantFrom('title', 'service', 'outcomes', 'query'), text),
  type: fc.constant(3),
  value: text,
});
const subcommand = fc.record({
  name: fc.oneof(fc.constantFrom('movie', 'tv', 'configure', 'list', 'test', 'remove', 'enable', 'disable'), text),
  type: fc.constantFrom(1, 2),
  options: fc.array(option, { maxLength: 3 }),
});
const command = fc.record({
  id: fc.constant(snowflake()),
  name: fc.oneof(fc.constantFrom(...names), text),
  type: fc.constant(1),
  options: fc.oneof(fc.array(subcommand, { maxLength: 1 }), fc.array(option, { maxLength: 3 })),
});
const field = fc.record({
  type: fc.constant(4),
  id: fc.nat(20),
  custom_id: fc.oneof(fc.constantFrom('address', 'secret', 'username'), text),
  value: text,
});

const event = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('message' as const), text, mention: fc.boolean() }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('command' as const), data: command }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('autocomplete' as const),
      data: command.map((data) => ({ ...data, options: [...data.options].map((one: Json) => focused(one)) })),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('component' as const),
      data: fc.oneof(
        fc.record({ custom_id: customId, component_type: fc.constant(2), id: fc.nat(40) }),
        fc.record({
          custom_id: customId,
          component_type: fc.constant(3),
          id: fc.nat(40),
          values: fc.array(text, { maxLength: 30 }),
        }),
      ),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('modal' as const),
      data: fc.record({
        custom_id: customId,
        components: fc.array(
          field.map((component) => ({ type: 18, id: 1, component })),
          { maxLength: 4 },
        ),
      }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('press what is there' as const), which: fc.nat(1000) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete' as const), which: fc.nat(1000) }) },
);

const types = { command: 2, component: 3, autocomplete: 4, modal: 5 };

it(`lives through ${count} random events, and rejects none unhandled`, async () => {
  const { discord } = test;
  serverIsHostile();
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => void unhandled.push(reason);
  process.on('unhandledRejection', note);
  const seed = Number(process.env.TEST_EVENTS_SEED ?? Date.now());
  console.log(`random events: TEST_EVENTS_SEED=${seed}`);
  const people = ['Ada', 'Bob', 'Cleo'].map((name) => discord.person(name));
  const places = (person: Person): Channel[] => [
    person.dm(),
    discord.channel('general'),
    discord.channel('films'),
    discord.foreignChannel('elsewhere'),
  ];
  const busy = new Set<Promise<void>>();
  for (const [index, one] of fc.sample(event, { numRuns: count, seed }).entries()) {
    const person = people[index % people.length] ?? discord.person('Ada');
    const channel = places(person)[(index >> 2) % 4] ?? person.dm();
    const done = happen(person, channel, one).finally(() => busy.delete(done));
    busy.add(done);
    if (busy.size >= atOnce) await Promise.race(busy);
  }
  await Promise.all(busy);
  process.off('unhandledRejection', note);
  expect(unhandled).toEqual([]);
  // Everybody gets an answer still, and no error of the bot's own was logged.
  for (const person of people) {
    const reply = await person.slash(person.dm(), 'services list').reply(longestMs);
    expect(discord.render(reply)).toMatch(/Radarr|not set up|Nothing/i);
  }
  // A button of one kind of message pressed on another kind, which Discord itself rules out, may not fit it. A form that so much at
  // once keeps waiting is told to the person.
  const known = /CANNOT_USE_LEGACY_FIELDS|A form waited too long/;
  const errors = test
    .logged()
    .split('\n')
    .filter((line) => line.includes('"level":50') && !known.test(line));
  expect(errors.slice(0, 3)).toEqual([]);
}, 600_000);

async function happen(
  person: Person,
  channel: Channel,
  one: typeof event extends fc.Arbitrary<infer E> ? E : never,
): Promise<void> {
  const { state, gateway } = test.discord;
  switch (one.kind) {
    case 'message':
      person.say(channel, one.text.slice(0, 2000), { mention: one.mention });
      return pause();
    case 'delete': {
      const message = [...state.messages.values()].at(-1 - (one.which % Math.max(1, state.messages.size)));
      if (message === undefined || message.deleted) return;
      message.deleted = true;
      gateway.dispatch('MESSAGE_DELETE', { id: message.id, channel_id: message.channelId });
      return;
    }
    case 'press what is there': {
      const shown = person.sees(channel).filter(({ components }) => JSON.stringify(components).includes('"custom_id"'));
      const source = shown[one.which % Math.max(1, shown.length)];
      const id = /"custom_id":"((?:[^"\\]|\\.)+)"/.exec(JSON.stringify(source?.components ?? []))?.[1];
      if (source === undefined || id === undefined) return;
      return interact('component', { custom_id: id, component_type: 2, id: 1 }, source);
    }
    default:
      return interact(one.kind, one.data);
  }

  /** Any data that Discord could carry, also what its own client would not let a person send; ends when it is answered. */
  async function interact(kind: keyof typeof types, data: Json, source = person.sees(channel).at(-1)): Promise<void> {
    const of = kind === 'component' ? source : undefined;
    if (kind === 'component' && of === undefined) return;
    const interaction = state.addInteraction({
      type: types[kind],
      userId: person.id,
      channelId: channel.id,
      sourceId: of?.id ?? null,
      focusedType: kind === 'autocomplete' ? 3 : null,
    });
    gateway.dispatch(
      'INTERACTION_CREATE',
      interactionEvent(state, interaction, { account: person.account, channel, data, source: of }),
    );
    await test.discord
      .until(() => interaction.answered !== null, longestMs)
      .catch((cause: unknown) => {
        throw new Error(`a ${kind} was never answered: ${JSON.stringify(data)}`, { cause });
      });
  }
}

const pause = () => new Promise<void>((resolve) => setTimeout(resolve, 5));

function focused(node: Json): Json {
  return 'options' in node
    ? {
        ...node,
        options: Array.isArray(node.options)
          ? node.options.map((inner, index) => ({ ...inner, focused: index === 0 }))
          : [],
      }
    : { ...node, focused: true };
}
