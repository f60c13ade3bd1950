import type { DiscordState } from './state.ts';

type Verdict = { headers: Record<string, string>; refuse: null | { retryAfter: number; global: boolean } };

/** Discord's limits on the bot's token: 50 requests a second in all, 5 messages and 5 edits in 5 s a channel. */
export class RateLimits {
  readonly #state: DiscordState;
  readonly #times = new Map<string, number[]>();

  constructor(state: DiscordState) {
    this.#state = state;
  }

  /** Counts a request with the bot's token. Interaction webhooks and callbacks are not counted. */
  take(method: string, path: string): Verdict {
    if (!this.#state.limits.rateLimits) return { headers: {}, refuse: null };
    const global = this.#count('global', 1000);
    if (global.length >= 50) return { headers: {}, refuse: { retryAfter: waitFor(global, 1000), global: true } };
    global.push(Date.now());
    const channel = /^\/channels\/(\d+)\/messages/.exec(path)?.[1];
    if (channel === undefined || (method !== 'POST' && method !== 'PATCH')) return { headers: {}, refuse: null };
    const bucket = `${method}:${channel}`;
    const times = this.#count(bucket, 5000);
    const isFull = times.length >= 5;
    if (!isFull) times.push(Date.now());
    const headers = {
      'x-ratelimit-limit': '5',
      'x-ratelimit-remaining': String(5 - times.length),
      'x-ratelimit-reset-after': String(waitFor(times, 5000)),
      'x-ratelimit-bucket': bucket.replace(':', '-'),
    };
    return { headers, refuse: isFull ? { retryAfter: waitFor(times, 5000), global: false } : null };
  }

  #count(key: string, windowMs: number): number[] {
    const now = Date.now();
    const times = (this.#times.get(key) ?? []).filter((time) => now - time < windowMs);
    this.#times.set(key, times);
    return times;
  }
}

/** Seconds until the oldest of the counted requests no longer counts. */
function waitFor(times: readonly number[], windowMs: number): number {
  const [oldest = Date.now()] = times;
  return Math.max(0.001, (oldest + windowMs - Date.now()) / 1000);
}
