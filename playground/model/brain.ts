import { isObject, type Json, parsed } from '../json.ts';
import { sentencesOf } from './examples.ts';
import { matcherOf } from './match.ts';
import { type Known, operations, talk } from './sentences.ts';
import { ended } from './words.ts';

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

/** One way to do what a sentence asks for. */
type Way = { operation: string; means: Known; recalls: string | undefined };
/** A call that ended since the person spoke. */
type Done = { name: string; result: unknown };

const ways = new Map<string, Way[]>();
for (const [operation, { phrases }] of Object.entries(operations))
  for (const { says, means = {}, recalls } of phrases)
    for (const template of says) ways.set(template, [...(ways.get(template) ?? []), { operation, means, recalls }]);
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
    .map(({ text, callId }) => ({ name: calls.find(({ id }) => id === callId)?.name ?? '', result: parsed(text) }));
  const last = done.at(-1);
  const trouble = last === undefined ? null : troubleIn(last.result);
  if (trouble !== null) return { say: trouble };
  const understood = match(turn.messages[spoken]?.text ?? '');
  const meant = understood === null ? undefined : ways.get(understood.template);
  if (understood !== null && meant !== undefined) return follow(turn, meant, understood.values, done);
  if (last !== undefined) return { say: answerTo(last) };
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
function follow(turn: Turn, meant: readonly Way[], said: Known, done: readonly Done[]): Decision {
  const recalled = lastRecalled(turn, meant);
  if (recalled === null) return { say: 'You have not requested anything in this conversation yet.' };
  const offered = preferred(turn, recalled.ways).filter((way) =>
    stepsOf(way).every(({ asked }) => turn.tools.includes(asked)),
  );
  const left = [...done];
  for (const way of offered) {
    const known: Record<string, unknown> = { ...recalled.input, ...said, ...way.means };
    for (const { asked, value } of stepsOf(way)) {
      if (value !== null && known[value] !== undefined) continue;
      const next = left.shift();
      if (next === undefined) return { call: asked, input: operations[asked]?.input(known) ?? {} };
      const told = operations[asked]?.tells?.(isObject(next.result) ? next.result : {}, known);
      // Nothing like that: the next way may find it.
      if (told === null) break;
      if (asked === way.operation) return { say: answerTo(next) };
      Object.assign(known, { ...told, ...known });
    }
  }
  const last = done.at(-1);
  return { say: last === undefined ? notSetUp : answerTo(last) };
}

/** The operations of a way in turn, each with the value that it is asked for; the last is the way's own. */
function stepsOf({ operation }: Way): { asked: string; value: string | null }[] {
  const needs = Object.entries(operations[operation]?.needs ?? {});
  return [...needs.map(([value, asked]) => ({ asked, value })), { asked: operation, value: null }];
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
  const isNamed = ({ operation }: Way) =>
    operations[operation]?.needs !== undefined && instructions.some(({ text }) => text.includes(operation));
  return meant.toSorted((a, b) => Number(isNamed(b)) - Number(isNamed(a)));
}

function answerTo({ name, result }: Done): string {
  const object = isObject(result) ? result : {};
  return operations[name]?.answer?.(object) ?? ended(object);
}

/** Three examples of what this person's servers can do. */
function examplesFor({ tools }: Pick<Turn, 'tools'>): string {
  const examples = Object.keys(operations)
    .filter((name) => tools.length === 0 || tools.includes(name))
    .slice(0, 3)
    .flatMap((name) => sentencesOf(name)[0]?.forms[0] ?? []);
  return `Try ${examples.map((sentence) => `“${sentence}”`).join(', ')}.`;
}
