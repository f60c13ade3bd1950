import { setTimeout as pause } from 'node:timers/promises';
import { DefaultRestOptions, type RESTOptions } from 'discord.js';

const firstPauseMs = 250;
const longestPauseMs = 5000;

/** Each try of discord.js ends after 15 s and is made again: three minutes of patience in all. */
export const patientRest = { makeRequest, retries: 11 } satisfies Partial<RESTOptions>;

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
