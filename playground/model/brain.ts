import { fewExamples, type Known } from '../../src/tools/sentences.ts';
import { isObject, type Json, parsed } from '../json.ts';
import { matcherOf } from './match.ts';
import { type Operation, operations, resultWords } from './operations.ts';
import { talk } from './talk.ts';

/** A conversation as the wire has it, reduced to what the brain reads. */
export type Turn = {
  messages: {
    role: string;
    text: string;
    calls: { id: string; name: string; input: Json }[];
    callId: string | null;
  }[];
  tools: readonly string[];
};
export type Decision = { say: string } | { call: string; input: object };

/** One way to do what a sentence asks for, with the fields that it fixes. */
type Way = { operation: Operation; means: Json; about: Known; recalls: string | undefined };
/** A call that ended since the person spoke. */
type Done = { name: string; input: Json; result: unknown };

const ways = new Map<string, Way[]>();
for (const operation of operations.values())
  for (const { says, means, about = {}, recalls } of operation.sentences.phrases) {
    const way = { operation, means: isObject(means) ? means : {}, about, recalls };
    for (const template of says) ways.set(template, [...(ways.get(template) ?? []), way]);
  }
const talks = new Map(talk.flatMap((one) => one.says.map((template) => [template, one])));
const match = matcherOf([...ways.keys(), ...talks.keys()]);

const notSetUp = 'What that needs isn’t set up for you, so I can’t do that yet. `/services configure` adds it.';

/** The next step of the playground's model: a tool call, or an answer. It acts on the tools it is offered, and on no others. */
export function decide(turn: Turn): Decision {
  const spoken = turn.messages.findLastIndex(({ role }) => role === 'user');
  const calls = turn.messages.flatMap((message) => message.calls);
  const done = turn.messages
    .slice(spoken + 1)
    .filter(({ role }) => role === 'tool')
    .map(({ text, callId }) => {
      const { name = '', input = {} } = calls.find(({ id }) => id === callId) ?? {};
      return { name, input, result: parsed(text) };
    });
  const last = done.at(-1);
  const trouble = last === undefined ? null : troubleIn(last.result);
  if (trouble !== null) return { say: trouble };
  const understood = match(turn.messages[spoken]?.text ?? '');
  const meant = understood === null ? undefined : ways.get(understood.template);
  if (understood !== null && meant !== undefined) return follow(turn, meant, understood.values, done);
  if (last !== undefined) return { say: resultWords(last) };
  const answer = talks.get(understood?.template ?? '');
  if (answer === undefined)
    return { say: `I am only the playground’s small model and did not understand that. ${examplesFor(turn)}` };
  return { say: answer.withExamples ? `${answer.answer} ${examplesFor(turn)}` : answer.answer };
}

/** Why nothing came of a call, or nothing yet. */
function troubleIn(result: unknown): string | null {
  if (!isObject(result)) return `That did not work: ${String(result)}`;
  if (typeof result.problem === 'string') return result.problem;
  if (typeof result.waiting === 'string') return 'The card above is waiting for your press.';
  return typeof result.denied === 'string' ? 'All right, I leave it. Nothing was done.' : null;
}

/** Goes through what a sentence means, of which a part is done, up to the next call or to the answer. */
function follow(turn: Turn, meant: readonly Way[], said: Json, done: readonly Done[]): Decision {
  const recalled = lastRecalled(turn, meant);
  if (recalled === null) return { say: 'You have not requested anything in this conversation yet.' };
  const offered = preferred(turn, recalled.ways).filter((way) =>
    stepsOf(way).every(({ asked }) => turn.tools.includes(asked.name)),
  );
  const left = [...done];
  for (const way of offered) {
    const known: Json = { ...recalled.input, ...said, ...way.about, ...way.means };
    for (const { asked, tells } of stepsOf(way)) {
      const isLast = asked === way.operation;
      if (!isLast && tells.every((name) => known[name] !== undefined)) continue;
      const next = left.shift();
      if (next === undefined)
        return { call: asked.name, input: { ...inputOf(asked, known), ...(isLast ? way.means : {}) } };
      const told = asked.tells?.(next.result, known);
      if (told === null) {
        if (!isLast && isToldElsewhere(way.operation, asked.name, known)) continue;
        // Nothing like that: the next way may find it.
        break;
      }
      if (isLast) return { say: resultWords(next) };
      Object.assign(known, { ...told, ...known });
    }
  }
  const last = done.at(-1);
  return { say: last === undefined ? notSetUp : resultWords(last) };
}

/** The operations of a way in turn, each with what it is asked for; the last is the way's own. */
function stepsOf({ operation }: Way): { asked: Operation; tells: readonly string[] }[] {
  const wanted = new Map<string, string[]>();
  for (const { origins } of Object.values(operation.sentences.input))
    for (const origin of origins)
      if (typeof origin !== 'string') wanted.set(origin.lookUp, [...(wanted.get(origin.lookUp) ?? []), origin.tells]);
  const lookUps = [...wanted].flatMap(([name, tells]) => {
    const asked = operations.get(name);
    return asked === undefined ? [] : [{ asked, tells }];
  });
  return [...lookUps, { asked: operation, tells: [] }];
}

/** Whether everything that an operation has from this look-up may come from a later source too. */
function isToldElsewhere({ sentences }: Operation, lookUp: string, known: Json): boolean {
  const sources = Object.values(sentences.input).map(({ origins }) => origins);
  return sources.every((origins) => {
    const at = origins.findIndex((origin) => typeof origin !== 'string' && origin.lookUp === lookUp);
    const later = at === -1 ? origins : origins.slice(at + 1);
    return at === -1 || later.some((origin) => typeof origin !== 'string' || known[origin] !== undefined);
  });
}

/** The input of an operation, as far as it is known. */
function inputOf({ sentences }: Operation, known: Json): Json {
  const fields = Object.entries(sentences.input).map(([field, { origins }]) => {
    const values = origins.map((origin) => known[typeof origin === 'string' ? origin : origin.tells]);
    return [field, values.find((value) => value !== undefined)];
  });
  return Object.fromEntries(fields.filter(([, value]) => value !== undefined));
}

/** Of sentences about what was done before, the one way that fits the last of it, with its input. Null when nothing was. */
function lastRecalled(turn: Turn, meant: readonly Way[]): { ways: readonly Way[]; input: Json } | null {
  if (!meant.some(({ recalls }) => recalls !== undefined)) return { ways: meant, input: {} };
  const calls = turn.messages.flatMap((message) => message.calls);
  const last = calls.findLast(({ name }) => meant.some(({ recalls }) => recalls === name));
  return last === undefined ? null : { ways: meant.filter(({ recalls }) => recalls === last.name), input: last.input };
}

/** Of several operations that act on what was found, the one that the instructions name comes first. */
function preferred(turn: Turn, meant: readonly Way[]): Way[] {
  const instructions = turn.messages.filter(({ role }) => role === 'system' || role === 'developer');
  const isNamed = (way: Way) =>
    stepsOf(way).length > 1 && instructions.some(({ text }) => text.includes(way.operation.name));
  return meant.toSorted((a, b) => Number(isNamed(b)) - Number(isNamed(a)));
}

/** Three examples of what this person's servers can do. */
function examplesFor({ tools }: Pick<Turn, 'tools'>): string {
  const all = [...operations.values()];
  const offered = tools.length === 0 ? all : all.filter(({ name }) => tools.includes(name));
  return `Try ${fewExamples(offered, 3)
    .map((sentence) => `“${sentence}”`)
    .join(', ')}.`;
}
