import type { Person } from '../playground/discord/person.ts';
import type { Channel } from '../playground/discord/state.ts';
import type { Asked } from './model-server.ts';
import type { Stage } from './stage.ts';

/**
 * One turn: milliseconds from its event to the model, from the model's first words to the first call to Discord that has them, from the
 * model's last byte to the last call, and of the whole.
 */
export type TurnTimes = { toModelMs: number; toFirstMs: number; toShownMs: number; wholeMs: number; calls: number };

type Open = Omit<Asked, 'question'> & {
  begun: number;
  firstShownAt: number;
  calls: number;
  done: (times: TurnTimes) => void;
};
export type Talker = { person: Person; channel: Channel };

/** Says things to the bot and times what follows. Everyone talks in a channel of their own. */
export class TurnLoad {
  readonly #stage: Stage;
  readonly #open = new Map<string, Open>();
  readonly #stop: () => void;
  #said = 0;

  constructor(stage: Stage) {
    this.#stage = stage;
    const end = (whole: string) => whole.slice(-20);
    this.#stop = stage.calls.on(({ path, content, at }) => {
      const channel = /^\/channels\/(\d+)\//.exec(path)?.[1] ?? '';
      const open = this.#open.get(channel);
      if (open === undefined) return;
      open.calls++;
      if (open.firstShownAt === 0 && content.includes(stage.model.answer.text.slice(0, 10))) open.firstShownAt = at;
      if (open.answeredAt === 0 || !content.endsWith(end(stage.model.answer.text))) return;
      this.#open.delete(channel);
      const { begun, askedAt, begunAt, firstShownAt, answeredAt, calls } = open;
      const toFirstMs = firstShownAt - begunAt;
      open.done({ toModelMs: askedAt - begun, toFirstMs, toShownMs: at - answeredAt, wholeMs: at - begun, calls });
    });
    stage.model.onAnswered(({ question, ...times }) => {
      const open = this.#open.get(/channel (\d+)/.exec(question)?.[1] ?? '');
      if (open !== undefined) Object.assign(open, times);
    });
  }

  /** So many people, each with a channel; with `services`, all five are set up for each of them. */
  async talkers(count: number, { services }: { services: boolean }): Promise<Talker[]> {
    const talkers = Array.from({ length: count }, (_, index) => ({
      person: this.#stage.discord.person(`Talker ${index}`),
      channel: this.#stage.discord.channel(`talk-${index}`),
    }));
    if (services)
      for (const { person } of talkers)
        await this.#stage.setup.all(person, 'radarr', 'sonarr', 'jellyfin', 'jellyseerr', 'qbittorrent');
    return talkers;
  }

  /** One message, until its whole answer is shown. Throws when that takes 30 s. */
  async one({ person, channel }: Talker): Promise<TurnTimes> {
    const waiting = Promise.withResolvers<TurnTimes>();
    const limit = setTimeout(() => waiting.reject(new Error('a turn was not answered within 30 s')), 30_000);
    this.#open.set(channel.id, {
      begun: performance.now(),
      askedAt: 0,
      begunAt: 0,
      firstShownAt: 0,
      answeredAt: 0,
      calls: 0,
      done: waiting.resolve,
    });
    person.say(channel, `what is new? ${++this.#said} in channel ${channel.id}`, { mention: true });
    return waiting.promise.finally(() => clearTimeout(limit));
  }

  /** Each says the next thing as soon as the last is answered, for `ms`. */
  async closedLoop(talkers: readonly Talker[], ms: number): Promise<{ perSecond: number; times: TurnTimes[] }> {
    const begun = performance.now();
    const times: TurnTimes[] = [];
    const talk = async (talker: Talker) => {
      while (performance.now() - begun < ms) times.push(await this.one(talker));
    };
    await Promise.all(talkers.map(talk));
    return { perSecond: (times.length / (performance.now() - begun)) * 1000, times };
  }

  stop(): void {
    this.#stop();
  }
}
