import { setTimeout as pause } from 'node:timers/promises';
import type { Person } from '../../playground/discord/person.ts';
import type { Channel } from '../../playground/discord/state.ts';
import { type Figure, median, percentile } from '../figure.ts';
import { type BenchOptions, type Stage, setStage } from '../stage.ts';

/** A fast typist, and a server that is slow, in milliseconds. */
const keyMs = 150;
const upstreamMs = 300;
const titles = [
  'dune: part two',
  'the matrix reloaded',
  'blade runner 2049',
  'mad max: fury road',
  'interstellar',
  'gladiator',
  'arrival',
  'parasite',
];

/** How soon a key of `/request movie` is answered, and how many keys Radarr is asked for. */
export async function measureAutocomplete(options: BenchOptions): Promise<Figure[]> {
  const stage = await setStage(options);
  try {
    const ada = stage.discord.person('Ada');
    await stage.start('bot');
    await stage.setup.all(ada, 'radarr');
    const keys = new Keys(stage, ada);
    const begun = performance.now();
    while (performance.now() - begun < options.warmUpMs / 4) await keys.press('matrix');
    const repeated: number[] = [];
    for (let press = 0; press < (options.quick ? 20 : 500); press++) repeated.push((await keys.press('matrix')).ms);
    stage.servers.radarr.faults.next(
      { kind: 'delay', ms: upstreamMs },
      { match: /lookup/, times: Number.POSITIVE_INFINITY },
    );
    const typed = [];
    for (const title of options.quick ? titles.slice(0, 2) : titles) typed.push(await keys.type(title));
    keys.stop();
    const unanswered = typed.filter(({ choices }) => choices === 0).length;
    return [
      {
        what: 'autocomplete: a term that was typed before, p50',
        value: median(repeated),
        unit: 'ms',
        target: { most: 2 },
        of: { p99: percentile(repeated, 0.99), keys: repeated.length },
      },
      {
        what: `autocomplete: calls a key, a key each ${keyMs} ms, Radarr taking ${upstreamMs} ms`,
        value: typed.reduce((sum, { calls }) => sum + calls, 0) / typed.reduce((sum, { pressed }) => sum + pressed, 0),
        unit: '',
        target: { most: 0.5 },
        of: { titles: typed.length, 'without a choice at the last key': unanswered },
      },
      {
        what: 'autocomplete: the last key answered, against Radarr’s time, p50',
        value: median(typed.map(({ lastMs }) => lastMs)) / upstreamMs,
        unit: '×',
        target: { most: 1.3 },
        of: { 'slowest ms': Math.max(...typed.map(({ lastMs }) => lastMs)) },
      },
    ];
  } finally {
    await stage.stop();
  }
}

type Answered = { ms: number; choices: number };

/** Types titles into `/request movie`, and times each key from its event to its answer. */
class Keys {
  readonly #stage: Stage;
  readonly #person: Person;
  readonly #channel: Channel;
  readonly #open = new Map<string, { begun: number; answered: (ms: number) => void }>();
  readonly stop: () => void;

  constructor(stage: Stage, person: Person) {
    this.#stage = stage;
    this.#person = person;
    this.#channel = person.dm();
    this.stop = stage.calls.on(({ path, at }) => {
      const open = this.#open.get(/^\/interactions\/(\d+)\//.exec(path)?.[1] ?? '');
      open?.answered(at - open.begun);
    });
  }

  /** One key, until its answer came. */
  async press(title: string): Promise<Answered> {
    const answered = Promise.withResolvers<number>();
    const begun = performance.now();
    const choices = this.#person.autocomplete(this.#channel, 'request movie', { title }, 'title');
    const id = [...this.#stage.discord.state.interactions.keys()].at(-1) ?? '';
    this.#open.set(id, { begun, answered: answered.resolve });
    const [ms, { length }] = await Promise.all([answered.promise, choices]);
    this.#open.delete(id);
    return { ms, choices: length };
  }

  /** A title, key after key; what its last key was answered with. */
  async type(title: string): Promise<{ pressed: number; calls: number; lastMs: number; choices: number }> {
    const { journal } = this.#stage.servers.radarr;
    journal.length = 0;
    const letters = [...title];
    const answers = [];
    for (const index of letters.keys()) {
      answers.push(this.press(letters.slice(0, index + 1).join('')));
      if (index < letters.length - 1) await pause(keyMs);
    }
    const last = (await Promise.all(answers)).at(-1) ?? { ms: 0, choices: 0 };
    await pause(2 * upstreamMs);
    const calls = journal.filter(({ path }) => path.includes('lookup')).length;
    return { pressed: letters.length, calls, lastMs: last.ms, choices: last.choices };
  }
}
