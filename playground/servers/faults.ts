import type { ServerResponse } from 'node:http';
import type { Answer } from './http-server.ts';

export type Fault =
  | { kind: 'status'; status: number; body?: unknown }
  | { kind: 'delay'; ms: number }
  | { kind: 'hang' }
  | { kind: 'reset' }
  /** Acts, then breaks the connection: whoever called cannot know. */
  | { kind: 'reset-after-effect' }
  | { kind: 'hang-after-effect' }
  /** Acts, and then answers with a failure, as a proxy does that gave up waiting. */
  | { kind: 'status-after-effect'; status: number }
  /** Acts, and answers with what `rewrite` makes of the answer's body. */
  | { kind: 'rewritten'; rewrite(body: unknown): unknown }
  | { kind: 'html' }
  | { kind: 'cut-json' }
  | { kind: 'wrong-content-type' }
  | { kind: 'nulls' }
  | { kind: 'huge'; bytes?: number }
  | { kind: 'redirect'; to: string }
  /** Whatever is written, piece by piece if need be. */
  | { kind: 'written'; write: (response: ServerResponse) => void };

type Applied = (
  run: () => Promise<Answer>,
  send: (answer: Answer) => void,
  response: ServerResponse,
) => void | Promise<void>;

/** Faults that a test or the demo asks for: each answers the next calls that match. */
export class Faults {
  #waiting: { fault: Fault; match: RegExp; left: number }[] = [];

  /** The next `times` calls whose "METHOD path" matches get the fault. */
  next(fault: Fault, { match = /./, times = 1 }: { match?: RegExp; times?: number } = {}): void {
    this.#waiting.push({ fault, match, left: times });
  }

  clear(): void {
    this.#waiting = [];
  }

  /** The fault for a call, or null. */
  take(call: string): Applied | null {
    const entry = this.#waiting.find((candidate) => candidate.match.test(call));
    if (entry === undefined) return null;
    entry.left--;
    if (entry.left <= 0) this.#waiting = this.#waiting.filter((candidate) => candidate !== entry);
    return apply(entry.fault);
  }
}

function apply(fault: Fault): Applied {
  switch (fault.kind) {
    case 'status':
      return (_run, send) => send({ status: fault.status, body: fault.body ?? { message: 'injected fault' } });
    case 'delay':
      return async (run, send) => {
        await new Promise((resolve) => setTimeout(resolve, fault.ms));
        send(await run());
      };
    case 'rewritten':
      return async (run, send) => {
        const answer = await run();
        send({ ...answer, body: fault.rewrite(answer.body) });
      };
    case 'hang':
      return () => undefined;
    case 'reset':
      return (_run, _send, response) => void response.socket?.resetAndDestroy();
    case 'reset-after-effect':
      return async (run, _send, response) => {
        await run();
        response.socket?.resetAndDestroy();
      };
    case 'hang-after-effect':
      return async (run) => {
        await run();
      };
    case 'status-after-effect':
      return async (run, send) => {
        await run();
        send({ status: fault.status, body: 'Bad gateway' });
      };
    case 'html':
      return (_run, send) =>
        send({ status: 200, body: '<!doctype html><p>Sign in', headers: { 'content-type': 'text/html' } });
    case 'cut-json':
      return (_run, send) =>
        send({ status: 200, body: '[{"title": "Du', headers: { 'content-type': 'application/json' } });
    case 'wrong-content-type':
      return async (run, send) => {
        const answer = await run();
        send({ ...answer, headers: { ...answer.headers, 'content-type': 'application/octet-stream' } });
      };
    case 'nulls':
      return async (run, send) => {
        const answer = await run();
        send({ ...answer, body: withNulls(answer.body) });
      };
    case 'huge':
      return (_run, send) =>
        send({
          status: 200,
          body: ' '.repeat(fault.bytes ?? 50 * 1024 * 1024),
          headers: { 'content-type': 'application/json' },
        });
    case 'written':
      return (_run, _send, response) => fault.write(response);
    case 'redirect':
      return (_run, send) => send({ status: 302, headers: { location: fault.to } });
  }
}

/** Every value that is not an id becomes null, as some versions answer. */
function withNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withNulls);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      typeof inner === 'object' ? withNulls(inner) : /id$/i.test(key) ? inner : null,
    ]),
  );
}
