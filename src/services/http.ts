import { request as send } from 'undici';
import type { z } from 'zod';
import { ChatSDKError, ServiceError, type ServiceFailure, TakenOverError } from '../errors.ts';
import { callsInFlight } from './calls-in-flight.ts';
import { connectionFor } from './connections.ts';
import { failureOfError, failureOfStatus } from './http-failures.ts';
import { type Kept, ProjectionError } from './json-projection.ts';
import { keptBy } from './kept-fields.ts';
import { keptInFlight } from './kept-in-flight.ts';
import { listLimits, lookUpLimits, type ReplyLimits, readJson } from './read-reply.ts';
import { addressOf, withBody } from './request-parts.ts';
import type { HttpCall, HttpSettings } from './service.ts';

export type HttpRequest = {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below the base address, with a leading slash. */
  path: string;
  query?: Record<string, string | number | boolean | undefined>;
  headers?: Record<string, string>;
  /** Sent as JSON; a string is sent as a form. */
  body?: unknown;
  /** Statuses of 300 or more that are an answer here, no failure. */
  answers?: readonly number[];
  signal?: AbortSignal | undefined;
  /** Every field of a JSON reply is kept, because it is sent back; else only those that its schema reads. */
  isSentBack?: boolean;
};

export type HttpReply = { status: number; headers: Record<string, string | string[] | undefined>; text: string };

export type Http = {
  /** A short reply, whatever its status under 300; other statuses, faults and limits throw ServiceError. */
  text(request: HttpRequest): Promise<HttpReply>;
  /** For what is answered with nothing, such as a DELETE. Throws ServiceError, `not_json` for a page of a proxy. */
  nothing(request: HttpRequest): Promise<void>;
  /** The checked JSON of a reply of at most 2 MB. Throws ServiceError, such as `not_json` and `unexpected_reply`. */
  json<Schema extends z.ZodType>(request: HttpRequest, schema: Schema): Promise<z.output<Schema>>;
  /**
   * The items of a list that may be as long as a whole library, each checked and made into `toItem` of it as they come. Throws
   * as `json` does.
   */
  list<Schema extends z.ZodType, Item>(
    request: HttpRequest,
    schema: Schema,
    toItem: (raw: z.output<Schema>) => Item,
  ): Promise<Item[]>;
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
  /** Removed from the server's own words, in case it repeats them. */
  secrets?: readonly string[];
}): Http {
  const { service, http, secrets = [] } = options;
  const base = options.baseUrl.replace(/\/+$/, '');

  /** Sends, reads with `readBody`, and tells how it ended. */
  async function call<Read>(request: HttpRequest, readBody: (reply: Reply) => Promise<Read>): Promise<Read> {
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
      const { status, read } = await sendOnce(request, readBody);
      tell(status, null);
      return read;
    } catch (error) {
      tell(
        error instanceof ServiceError ? error.status : null,
        error instanceof ServiceError ? error.failure : 'aborted',
      );
      throw error;
    }
  }

  async function sendOnce<Read>(request: HttpRequest, readBody: (reply: Reply) => Promise<Read>) {
    const method = request.method ?? 'GET';
    const limit = AbortSignal.timeout(http.timeoutMs);
    const signal = request.signal ? AbortSignal.any([request.signal, limit]) : limit;
    let hasLeft = false;
    let done = () => {};
    try {
      done = await callsInFlight.enter(http.person, signal);
      if (method !== 'GET') await http.beforeWrite?.();
      signal.throwIfAborted();
      const { headers, body } = withBody(request.body);
      const reply = await untilAborted(
        signal,
        send(addressOf(base, request), {
          method,
          headers: {
            accept: 'application/json',
            'accept-encoding': 'identity',
            ...options.headers,
            ...headers,
            ...request.headers,
          },
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
      if (status >= 300 && !request.answers?.includes(status)) {
        const said = status < 400 ? drop(reply.body) : await readRefusal(reply.body, signal);
        throw failureOfStatus(service, { status, headers: reply.headers, text: said, base, secrets });
      }
      if (isEncoded(reply.headers)) {
        drop(reply.body);
        throw fail(service, 'compressed', { status });
      }
      const read = await untilAborted(signal, readBody({ status, headers: reply.headers, body: reply.body }));
      return { status, read };
    } catch (error) {
      // An error of the check before a write is about the bot's own claim or database, not a failure of this server.
      if (error instanceof ServiceError || error instanceof TakenOverError || error instanceof ChatSDKError)
        throw error;
      const timedOut = signal.aborted && isTimeLimit(signal.reason);
      if (signal.aborted && !timedOut) throw signal.reason;
      // A GET changes nothing, so it cannot have been half done.
      throw failureOfError(service, error, { timedOut, mayHaveActed: hasLeft && method !== 'GET' });
    } finally {
      done();
    }
  }

  async function readBytes({ status, headers, body }: Reply, mostBytes: number): Promise<Buffer> {
    const most = Math.min(mostBytes, http.maxResponseBytes);
    if (saysMoreThan(most, headers)) drop(body);
    const bytes = saysMoreThan(most, headers) ? null : await readLimited(body, most);
    if (bytes === null) throw fail(service, 'too_large', { status });
    return bytes;
  }

  /** Reads JSON part by part; what of it can't be read is thrown as ServiceError. */
  async function readChecked(
    { status, headers, body }: Reply,
    kept: Kept,
    {
      isList,
      limits,
      onPart,
    }: { isList: boolean; limits: ReplyLimits; onPart: (parsed: unknown, bytes: number) => void },
  ): Promise<void> {
    if (!/[/+]json\b/i.test(String(headers['content-type'] ?? ''))) {
      drop(body);
      throw fail(service, 'not_json', { status });
    }
    const own = { ...limits, bytes: Math.min(limits.bytes, http.maxResponseBytes) };
    if (saysMoreThan(own.bytes, headers)) {
      drop(body);
      throw fail(service, 'too_large', { status });
    }
    try {
      const parse = (json: string) => onPart(JSON.parse(isList ? `[${json}]` : json), json.length);
      await readJson(body, kept, { limits: own, isList, onPart: parse });
    } catch (error) {
      if (!(error instanceof ProjectionError)) throw error;
      throw fail(service, error.reason === 'not_a_list' ? 'unexpected_reply' : error.reason, { status });
    }
  }

  function check<Schema extends z.ZodType>(schema: Schema, raw: unknown, status: number): z.output<Schema> {
    const parsed = schema.safeParse(raw);
    if (parsed.success) return parsed.data;
    const paths = parsed.error.issues.slice(0, 3).map((issue) => issue.path.join('.'));
    throw fail(service, 'unexpected_reply', { status, cause: new Error(`at ${paths.join(', ')}`) });
  }

  return {
    text: (request) =>
      call(request, async (reply) => {
        const text = (await readBytes(reply, textBytes)).toString('utf8');
        return { status: reply.status, headers: reply.headers, text };
      }),
    nothing: (request) =>
      call(request, async (reply) => {
        const text = (await readBytes(reply, textBytes)).toString('utf8').trim();
        if (text !== '' && text !== '{}') throw fail(service, 'not_json', { status: reply.status });
      }),
    file: (request, limit) => call(request, (reply) => readBytes(reply, limit)),
    json: (request, schema) =>
      call(request, async (reply) => {
        let raw: unknown;
        const onPart = (parsed: unknown) => {
          raw = parsed;
        };
        const kept = request.isSentBack ? 'whole' : keptBy(schema);
        await readChecked(reply, kept, { isList: false, limits: lookUpLimits, onPart });
        return check(schema, raw, reply.status);
      }),
    list: (request, schema, toItem) =>
      call(request, async (reply) => {
        const items: ReturnType<typeof toItem>[] = [];
        const inMemory = keptInFlight.open(http.person);
        const onPart = (parsed: unknown, bytes: number) => {
          if (!inMemory.add(bytes)) throw fail(service, 'too_large', { status: reply.status });
          if (!Array.isArray(parsed)) return;
          for (const raw of parsed) items.push(toItem(check(schema, raw, reply.status)));
        };
        const kept = { fields: null, items: keptBy(schema) };
        try {
          await readChecked(reply, kept, { isList: true, limits: listLimits, onPart });
        } finally {
          inMemory.close();
        }
        return items;
      }),
  };
}

type Reply = { status: number; headers: HttpReply['headers']; body: Body };

/** A web page or a word: what is read as text. */
const textBytes = 256 * 1024;

/** Whether a reply says of itself that it is too large, so that it need not be read. */
function saysMoreThan(bytes: number, headers: HttpReply['headers']): boolean {
  return Number(headers['content-length'] ?? 0) > bytes;
}

/** A compressed reply was not asked for; a few of its bytes may expand to any number. */
function isEncoded(headers: HttpReply['headers']): boolean {
  const encoding = String(headers['content-encoding'] ?? '').trim();
  return encoding !== '' && encoding.toLowerCase() !== 'identity';
}

/** Whether a signal was aborted because time ran out: that of this call, or of all the calls for one answer. */
function isTimeLimit(reason: unknown): boolean {
  return reason instanceof DOMException && reason.name === 'TimeoutError';
}

/** undici checks its signal only when it is connected: without this, a hanging connect would exceed the time limit. */
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

type Body = AsyncIterable<Uint8Array> & { destroy(): unknown };

/** The text of a body, or null if it is larger than allowed; the rest is then not read. */
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

/** The text of an error's body. A body that is too long or incomplete is left out, because the status says enough. */
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
