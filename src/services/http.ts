import { request as send } from 'undici';
import type { z } from 'zod';
import { ServiceError, type ServiceFailure } from '../errors.ts';
import { AddressNotAllowedError } from './address-guard.ts';
import { connectionFor } from './connections.ts';
import { failureOfError, failureOfStatus } from './http-failures.ts';
import type { HttpCall, HttpSettings } from './service.ts';

export type HttpRequest = {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below the base address, with a leading slash. */
  path: string;
  query?: Record<string, string | number | boolean | undefined>;
  headers?: Record<string, string>;
  /** Sent as JSON; a string is sent as a form. */
  body?: unknown;
  signal?: AbortSignal | undefined;
};

export type HttpReply = { status: number; headers: Record<string, string | string[] | undefined>; text: string };

export type Http = {
  /** The reply, whatever its status under 300; other statuses, faults and limits throw ServiceError. */
  text(request: HttpRequest): Promise<HttpReply>;
  /** The reply's JSON, checked. Throws ServiceError, `not_json` and `unexpected_reply` among them. */
  json<Schema extends z.ZodType>(request: HttpRequest, schema: Schema): Promise<z.output<Schema>>;
  /** The reply's bytes, at most `limit`. Throws ServiceError, `too_large` among them. */
  file(request: HttpRequest, limit: number): Promise<Buffer>;
};

/**
 * HTTP to one person's server: the address guarded, nothing followed, size and time limited, no error with an address,
 * a key or a body in it. A request is sent once and never repeated.
 */
export function createHttp(options: {
  service: string;
  baseUrl: string;
  headers: Record<string, string>;
  http: HttpSettings;
  /** Cut out of the server's own words, should it repeat them. */
  secrets?: readonly string[];
}): Http {
  const { service, http, secrets = [] } = options;
  const base = options.baseUrl.replace(/\/+$/, '');

  async function read(request: HttpRequest, mostBytes = http.maxResponseBytes) {
    const begun = performance.now();
    const tell = (status: number | null, failure: HttpCall['failure']) =>
      http.onCall?.({
        service,
        method: request.method ?? 'GET',
        path: request.path,
        status,
        failure,
        ms: Math.round(performance.now() - begun),
      });
    try {
      const reply = await sendOnce(request, mostBytes);
      tell(reply.status, null);
      return reply;
    } catch (error) {
      tell(
        error instanceof ServiceError ? error.status : null,
        error instanceof ServiceError ? error.failure : 'aborted',
      );
      throw error;
    }
  }

  async function sendOnce(request: HttpRequest, mostBytes: number) {
    const method = request.method ?? 'GET';
    const limit = AbortSignal.timeout(http.timeoutMs);
    const signal = request.signal ? AbortSignal.any([request.signal, limit]) : limit;
    let hasLeft = false;
    try {
      signal.throwIfAborted();
      const { headers, body } = withBody(request.body);
      const reply = await untilAborted(
        signal,
        send(addressOf(base, request), {
          method,
          headers: { accept: 'application/json', ...options.headers, ...headers, ...request.headers },
          ...(body === undefined ? {} : { body }),
          dispatcher: connectionFor(http, () => {
            hasLeft = true;
          }),
          signal,
          headersTimeout: 0,
          bodyTimeout: 0,
        }),
      );
      // Destroying a body that is not read to its end emits an error that nobody needs.
      reply.body.on('error', () => undefined);
      const { statusCode: status } = reply;
      if (status >= 300) {
        const said = status < 400 ? drop(reply.body) : await readRefusal(reply.body, signal);
        throw failureOfStatus(service, { status, headers: reply.headers, text: said, base, secrets });
      }
      const bytes = await readLimited(reply.body, mostBytes);
      if (bytes === null) throw fail(service, 'too_large', { status });
      return { status, headers: reply.headers, bytes };
    } catch (error) {
      if (error instanceof ServiceError) throw error;
      const timedOut = signal.aborted && isTimeLimit(signal.reason);
      if (signal.aborted && !timedOut) throw signal.reason;
      // A GET changes nothing, so it cannot have been half done.
      throw failureOfError(service, error, { timedOut, mayHaveActed: hasLeft && method !== 'GET' });
    }
  }

  async function text(request: HttpRequest): Promise<HttpReply> {
    const { status, headers, bytes } = await read(request);
    return { status, headers, text: bytes.toString('utf8') };
  }

  return {
    text,
    async file(request, limit) {
      return (await read(request, Math.min(limit, http.maxResponseBytes))).bytes;
    },
    async json(request, schema) {
      const reply = await text(request);
      const parsed = schema.safeParse(parseJson(service, reply));
      if (!parsed.success) {
        const paths = parsed.error.issues.slice(0, 3).map((issue) => issue.path.join('.'));
        throw fail(service, 'unexpected_reply', { status: reply.status, cause: new Error(`at ${paths.join(', ')}`) });
      }
      return parsed.data;
    },
  };
}

/** Whether a signal's reason is that its time was over: this call's, or that of all calls it is one of. */
function isTimeLimit(reason: unknown): boolean {
  return reason instanceof DOMException && reason.name === 'TimeoutError';
}

/** undici looks at its signal only once there is a connection: without this a hanging connect would outlast the limit. */
function untilAborted<Value>(signal: AbortSignal, value: Promise<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    value.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

function fail(service: string, failure: ServiceFailure, more: { status?: number; cause?: Error }): ServiceError {
  return new ServiceError({ service, failure, sent: 'answered', ...more });
}

function addressOf(base: string, request: HttpRequest): URL {
  const address = new URL(base + request.path);
  const isPlain = address.username === '' && address.password === '';
  if (!isPlain || !/^https?:$/.test(address.protocol)) throw new AddressNotAllowedError('address not allowed');
  const pairs = Object.entries(request.query ?? {}).flatMap(([name, value]) =>
    value === undefined ? [] : [`${encodeStrictly(name)}=${encodeStrictly(String(value))}`],
  );
  if (pairs.length > 0) address.search = pairs.join('&');
  return address;
}

/** Seerr refuses `+` for a space and the marks that encodeURIComponent leaves as they are. */
function encodeStrictly(text: string): string {
  const encoded = encodeURIComponent(text.toWellFormed());
  return encoded.replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
}

function withBody(body: unknown): { headers: Record<string, string>; body?: string } {
  if (body === undefined) return { headers: {} };
  if (typeof body === 'string') return { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body };
  return { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

type Body = AsyncIterable<Uint8Array> & { destroy(): unknown };

/** What stands in a body, or null once it is larger than allowed: the rest is not read. */
async function readLimited(body: Body, limit: number): Promise<Buffer | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > limit) {
      body.destroy();
      return null;
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Longer than any refusal with words for a person. */
const refusalBytes = 64 * 1024;

/** What stands in an error's body. The status is the news: a body that is too long or breaks off is left out. */
async function readRefusal(body: Body, signal: AbortSignal): Promise<string> {
  try {
    return (await readLimited(body, refusalBytes))?.toString('utf8') ?? '';
  } catch (error) {
    if (signal.aborted) throw error;
    return '';
  }
}

function drop(body: Body): string {
  body.destroy();
  return '';
}

function parseJson(service: string, reply: HttpReply): unknown {
  const type = String(reply.headers['content-type'] ?? '');
  if (!/[/+]json\b/i.test(type)) throw fail(service, 'not_json', { status: reply.status });
  try {
    return JSON.parse(reply.text);
  } catch {
    // The parser's message quotes the text, which may hold anything.
    throw fail(service, 'not_json', { status: reply.status });
  }
}
