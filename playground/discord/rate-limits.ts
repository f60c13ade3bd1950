import type { DiscordState } from './state.ts';

type Verdict = { headers: Record<string, string>; refuse: null | { retryAfter: number; global: boolean } };
type Window = { endsAt: number; used: number };

/** A limit: so many requests from the first of them until its time is over; then it starts anew, as Discord's do. */
const global = { most: 50, windowMs: 1000 };
const perChannel = { most: 5, windowMs: 5000 };

/** Discord's limits on the bot's token: 50 requests a second in all, 5 messages and 5 edits in 5 s a channel. */
export class RateLimits {
  readonly #state: DiscordState;
  readonly #windows = new Map<string, Window>();

  constructor(state: DiscordState) {
    this.#state = state;
  }

  /** Counts a request with the bot's token. Interaction webhooks and callbacks are not to be counted. */
  take(method: string, path: string): Verdict {
    if (!this.#state.limits.rateLimits) return { headers: {}, refuse: null };
    const all = this.#window('global', global.windowMs);
    if (all.used >= global.most) return { headers: {}, refuse: { retryAfter: secondsLeft(all), global: true } };
    all.used++;
    const channel = /^\/channels\/(\d+)\/messages/.exec(path)?.[1];
    if (channel === undefined || (method !== 'POST' && method !== 'PATCH')) return { headers: {}, refuse: null };
    const window = this.#window(`${method}:${channel}`, perChannel.windowMs);
    const isFull = window.used >= perChannel.most;
    if (!isFull) window.used++;
    const headers = {
      'x-ratelimit-limit': String(perChannel.most),
      'x-ratelimit-remaining': String(perChannel.most - window.used),
      'x-ratelimit-reset': String(window.endsAt / 1000),
      'x-ratelimit-reset-after': String(secondsLeft(window)),
      // One name a route: clients add the channel themselves.
      'x-ratelimit-bucket': method === 'POST' ? 'create-message' : 'edit-message',
    };
    return { headers, refuse: isFull ? { retryAfter: secondsLeft(window), global: false } : null };
  }

  #window(key: string, windowMs: number): Window {
    const there = this.#windows.get(key);
    if (there !== undefined && there.endsAt > Date.now()) return there;
    const fresh = { endsAt: Date.now() + windowMs, used: 0 };
    this.#windows.set(key, fresh);
    return fresh;
  }
}

function secondsLeft({ endsAt }: Window): number {
  return Math.max(0.001, (endsAt - Date.now()) / 1000);
}
