import type { Person } from '../playground/discord/person.ts';
import type { Stage } from './stage.ts';

/** One command, in milliseconds from its event. */
export type CommandTimes = { acknowledgedMs: number; answeredMs: number };

/** A command that is not answered by then is lost. */
const limitMs = 10_000;

/** Types `/services list`, at some rate. */
export class CommandLoad {
  readonly #stage: Stage;
  readonly #person: Person;
  readonly #open = new Map<string, { begun: number; acknowledgedMs: number; done: (times: CommandTimes) => void }>();
  readonly #stop: () => void;
  sent = 0;
  answered = 0;

  constructor(stage: Stage, person: Person) {
    this.#stage = stage;
    this.#person = person;
    this.#stop = stage.calls.on(({ path, at }) => {
      const token = /^\/(?:interactions|webhooks)\/\d+\/([^/]+)/.exec(path)?.[1] ?? '';
      const open = this.#open.get(token);
      if (open === undefined) return;
      if (path.endsWith('/callback')) open.acknowledgedMs = at - open.begun;
      else {
        this.#open.delete(token);
        this.answered++;
        open.done({ acknowledgedMs: open.acknowledgedMs, answeredMs: at - open.begun });
      }
    });
  }

  /** Resolves once its answer is edited in. Throws when that takes longer than the limit. */
  async one(): Promise<CommandTimes> {
    this.sent++;
    const begun = performance.now();
    const { interaction } = this.#person.slash(this.#person.dm(), 'services list');
    const waiting = Promise.withResolvers<CommandTimes>();
    this.#open.set(interaction.token, { begun, acknowledgedMs: Number.POSITIVE_INFINITY, done: waiting.resolve });
    const lost = setTimeout(() => waiting.reject(new Error(`no answer within ${limitMs} ms`)), limitMs);
    try {
      return await waiting.promise;
    } finally {
      clearTimeout(lost);
    }
  }

  /** `flights` people who each type the next command as soon as the last is answered; the commands a second. */
  async inFlight(flights: number, ms: number): Promise<number> {
    const begun = performance.now();
    const before = this.answered;
    const fly = async () => {
      while (performance.now() - begun < ms) await this.one();
    };
    await Promise.all(Array.from({ length: flights }, fly));
    return ((this.answered - before) / (performance.now() - begun)) * 1000;
  }

  /** So many a second, whether answered or not; the times of those that were, and how many were not within 5 s of the last. */
  async steady(perSecond: number, ms: number): Promise<{ times: CommandTimes[]; lost: number }> {
    const times: CommandTimes[] = [];
    const total = Math.round((perSecond * ms) / 1000);
    const begun = performance.now();
    for (let sent = 0; sent < total; ) {
      const due = Math.min(total, Math.floor(((performance.now() - begun) * perSecond) / 1000) + 1);
      for (; sent < due; sent++)
        this.one().then(
          (one) => times.push(one),
          () => undefined,
        );
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    const limit = performance.now() + 5000;
    while (times.length < total && performance.now() < limit) await new Promise((resolve) => setTimeout(resolve, 20));
    return { times, lost: total - times.length };
  }

  stop(): void {
    this.#stop();
    this.#stage.discord.state.interactions.clear();
  }
}
