import type { IncomingMessage, ServerResponse } from 'node:http';

/** What goes wrong with the next `times` calls that match "METHOD /path". */
export type RestFault = {
  match: RegExp;
  times: number;
  /** The HTTP status; 0 with `hang` and `reset`, which give none. */
  status: number;
  /** No answer ever comes. */
  hang?: boolean;
  /** The connection is reset. */
  reset?: boolean;
  /** Of a 429: seconds, and whether it is the limit on everything. */
  retryAfter?: number;
  global?: boolean;
  /** The request takes effect all the same; only its answer is lost. */
  afterEffect?: boolean;
};

/** Answers (or does not) as the fault says. */
export function fail(fault: RestFault, incoming: IncomingMessage, response: ServerResponse): void {
  if (fault.hang) return;
  if (fault.reset) {
    incoming.socket.resetAndDestroy();
    return;
  }
  const isGlobal = fault.global ?? false;
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  if (fault.retryAfter !== undefined) headers['retry-after'] = String(fault.retryAfter);
  if (isGlobal) headers['x-ratelimit-global'] = 'true';
  const limited = { message: 'You are being rate limited.', retry_after: fault.retryAfter ?? 1, global: isGlobal };
  const body = fault.status === 429 ? limited : { message: `${fault.status}: injected fault`, code: 0 };
  response.writeHead(fault.status, headers).end(JSON.stringify(body));
}
