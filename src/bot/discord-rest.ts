import { setTimeout as pause } from 'node:timers/promises';
import { DefaultRestOptions, REST, type RESTOptions } from 'discord.js';

const firstPauseMs = 250;
const longestPauseMs = 5000;

/**
 * The way to Discord's REST API. Calls with the bot's token are at most `perSecond`, of which Discord allows 50; interactions are answered
 * with their own tokens, which that limit does not count (https://discord.com/developers/docs/topics/rate-limits#global-rate-limit),
 * so they have a queue of their own and never wait behind answers to messages.
 */
export class DiscordRest extends REST {
  readonly #interactions: REST;

  constructor(api: string, { perSecond, beforeWrite }: { perSecond: number; beforeWrite: () => Promise<void> }) {
    // Each try of discord.js ends after 15 s and is made again: three minutes of patience in all.
    const options = { api, version: '10', makeRequest: requesting(beforeWrite), retries: 11 };
    super({ ...options, globalRequestsPerSecond: perSecond });
    this.#interactions = new REST({
      ...options,
      globalRequestsPerSecond: Number.POSITIVE_INFINITY,
      // Each interaction has a queue of its own, which discord.js would keep for an hour.
      handlerSweepInterval: 60_000,
    });
  }

  override async queueRequest(request: Parameters<REST['queueRequest']>[0]): ReturnType<REST['queueRequest']> {
    const isInteraction = request.auth === false && /^\/(webhooks|interactions)\//.test(request.fullRoute);
    return isInteraction ? this.#interactions.queueRequest(request) : super.queueRequest(request);
  }

  override clearHashSweeper(): void {
    super.clearHashSweeper();
    this.#interactions.clearHashSweeper();
  }

  override clearHandlerSweeper(): void {
    super.clearHandlerSweeper();
    this.#interactions.clearHandlerSweeper();
  }
}

/** Whether more than half of this second's calls with the bot's token are left, so that some may be spent on being fast. */
export function hasRoom({ globalReset, globalRemaining, options }: REST): boolean {
  return Date.now() >= globalReset || globalRemaining > options.globalRequestsPerSecond / 2;
}

/**
 * One request to Discord. While Discord answers with a server error it is repeated, with growing pauses: discord.js would try four
 * times without a pause, and an outage of one second would lose an answer. Only the first answer to an interaction is not repeated,
 * because Discord forgets the interaction after three seconds.
 */
function requesting(beforeWrite: () => Promise<void>): RESTOptions['makeRequest'] {
  return async (url, made) => {
    const init = await withoutForm(made);
    const isFirstAnswer = /\/interactions\/\d+\/[^/]+\/callback/.test(url);
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      if (init.method !== 'GET' && !isFirstAnswer) await beforeWrite();
      const response = await DefaultRestOptions.makeRequest(url, init);
      if (response.status < 500 || isFirstAnswer) return response;
      await response.arrayBuffer();
      await pause(pauseMs, undefined, { signal: init.signal ?? undefined });
    }
  };
}

type Init = Parameters<RESTOptions['makeRequest']>[1];

/**
 * The form of a request with files as bytes. discord.js (undici 6) sends over the process's own HTTP client, and undici 8, which the
 * services use, becomes that if it is loaded first: it refuses the forms of others.
 */
async function withoutForm(init: Init): Promise<Init> {
  if (!(init.body instanceof FormData)) return init;
  const form = new Response(init.body);
  const type = form.headers.get('content-type') ?? '';
  // discord.js gives its headers as an object.
  return {
    ...init,
    headers: { ...init.headers, 'content-type': type },
    body: new Uint8Array(await form.arrayBuffer()),
  };
}
