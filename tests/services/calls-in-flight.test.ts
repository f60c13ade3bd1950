import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createHttp } from '../../src/services/http.ts';
import { settings, startServer } from './loopback-server.ts';

/** A server that answers when it is told to. */
async function startSlow() {
  const waiting: (() => void)[] = [];
  const server = await startServer((_, response) => {
    waiting.push(() => {
      if (!response.headersSent) response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  return { server, waiting, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

const schema = z.object({});

function open(baseUrl: string, person: string, timeoutMs = 20_000) {
  const http = createHttp({ service: 'radarr', baseUrl, headers: {}, http: { ...settings, timeoutMs, person } });
  return (signal?: AbortSignal) => http.json({ path: '/', signal }, schema);
}

describe('one person’s calls to media servers', () => {
  it('are twenty at once, the others wait their turn, and another person’s go at once to the same server', async () => {
    await using slow = await startSlow();
    const ask = open(slow.server.url, 'ada');
    const calls = Array.from({ length: 50 }, () => ask());
    await expect.poll(() => slow.waiting.length, { timeout: 10_000 }).toBe(20);
    const other = open(slow.server.url, 'bob')();
    await expect.poll(() => slow.waiting.length, { timeout: 10_000 }).toBe(21);
    slow.waiting[20]?.();
    await other;
    expect(slow.waiting).toHaveLength(21);
    slow.waiting[0]?.();
    // Which of them it was depends on the order in which their connections were made.
    await Promise.race(calls);
    await expect.poll(() => slow.waiting.length, { timeout: 10_000 }).toBe(22);
    for (let answered = 1; answered < 51; answered++) {
      await expect.poll(() => slow.waiting.length, { timeout: 10_000 }).toBeGreaterThan(answered);
      slow.waiting[answered]?.();
    }
    expect(await Promise.all(calls)).toHaveLength(50);
  });

  it('that wait end with the caller or in time, and their place is not lost', async () => {
    await using slow = await startSlow();
    const calls = Array.from({ length: 20 }, () => open(slow.server.url, 'grace')());
    await expect.poll(() => slow.waiting.length, { timeout: 10_000 }).toBe(20);
    const leaving = new AbortController();
    const reason = new Error('the bot is stopping');
    const stopped = open(slow.server.url, 'grace')(leaving.signal);
    const late = open(slow.server.url, 'grace', 50)();
    leaving.abort(reason);
    await expect(stopped).rejects.toBe(reason);
    await expect(late).rejects.toMatchObject({ failure: 'timed_out', sent: 'no' });
    for (const answer of slow.waiting) answer();
    await Promise.all(calls);
    const next = open(slow.server.url, 'grace')();
    await expect.poll(() => slow.waiting.length, { timeout: 10_000 }).toBe(21);
    slow.waiting[20]?.();
    await next;
  });
});
