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

  constructor(api: string, { perSecond }: { perSecond: number }) {
    // Each try of discord.js ends after 15 s and is made again: three minutes of patience in all.
    const options = { api, version: '10', makeRequest, retries: 11 };
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

/**
 * One request to Discord. While Discord has an error of its own it is made again, after pauses that grow: discord.js would make
 * it four times at once, and an answer would be lost to an outage of a second. Only what Discord forgets after three
 * seconds, the first answer to an interaction, is not worth waiting for.
 */
async function makeRequest(
  ...[url, init]: Parameters<RESTOptions['makeRequest']>
): ReturnType<RESTOptions['makeRequest']> {
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    const response = await DefaultRestOptions.makeRequest(url, init);
    if (response.status < 500 || /\/interactions\/\d+\/[^/]+\/callback/.test(url)) return response;
    await response.arrayBuffer();
    await pause(pauseMs, undefined, { signal: init.signal ?? undefined });
  }
}
