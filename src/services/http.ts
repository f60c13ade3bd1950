import { Agent, buildConnector, request as send } from 'undici';
import type { z } from 'zod';
import { ServiceError, type ServiceFailure } from '../errors.ts';
import { assertLiteralAllowed, guardedLookup } from './address-guard.ts';
import { failureOfError, failureOfStatus } from './http-failures.ts';
import type { AddressPolicy, HttpSettings } from './service.ts';

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
};

/** One pool of connections for each policy: the guard is part of how they connect. */
const agents = new Map<AddressPolicy, Agent>();

function agentFor(policy: AddressPolicy): Agent {
  const there = agents.get(policy);
  if (there !== undefined) return there;
  const connect = buildConnector({ lookup: guardedLookup(policy), timeout: 0 });
  const agent = new Agent({
    keepAliveTimeout: 4000,
    connections: 32,
    connect: (options, callback) => {
      try {
        assertLiteralAllowed(options.hostname, policy);
      } catch (error) {
        callback(error instanceof Error ? error : new Error('refused'), null);
        return;
      }
      connect(options, callback);
    },
  });
  agents.set(policy, agent);
  return agent;
}

/**
 * HTTP to one person's server: the address guarded, nothing followed, size and time limited, no error with an address,
 * a key or a body in it. A request is sent once and never repeated.
 */
export function createHttp(options: {
  service: string;
  baseUrl: string;
  headers: Record<string, string>;
  http: HttpSettings;
}): Http {
  const { service, http } = options;
  const base = options.baseUrl.replace(/\/+$/, '');

  async function text(request: HttpRequest): Promise<HttpReply> {
    const method = request.method ?? 'GET';
    const limit = AbortSignal.timeout(http.timeoutMs);
    const signal = request.signal ? AbortSignal.any([request.signal, limit]) : limit;
    let answered = false;
    try {
      const { headers, body } = withBody(request.body);
      const reply = await send(addressOf(base, request), {
        method,
        headers: { accept: 'application/json', ...options.headers, ...headers, ...request.headers },
        ...(body === undefined ? {} : { body }),
        dispatcher: agentFor(http.addressPolicy),
        signal,
        headersTimeout: 0,
        bodyTimeout: 0,
      });
      answered = true;
      const read = await readLimited(reply.body, http.maxResponseBytes);
      if (read === null) throw fail(service, 'too_large', { status: reply.statusCode });
      const { statusCode: status } = reply;
      if (status >= 300) throw failureOfStatus(service, { status, headers: reply.headers, text: read, base });
      return { status, headers: reply.headers, text: read };
    } catch (error) {
      if (error instanceof ServiceError) throw error;
      if (request.signal?.aborted && !limit.aborted) throw new Error('the call was stopped', { cause: undefined });
      // A GET changes nothing, so it cannot have been half done.
      throw failureOfError(service, error, { timedOut: limit.aborted, mayHaveActed: method !== 'GET', answered });
    }
  }

  return {
    text,
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

function fail(service: string, failure: ServiceFailure, more: { status?: number; cause?: Error }): ServiceError {
  return new ServiceError({ service, failure, sent: 'answered', ...more });
}

function addressOf(base: string, request: HttpRequest): URL {
  const address = new URL(base + request.path);
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

/** The text of a body, or null once it is larger than allowed: the rest is not read. */
async function readLimited(
  body: AsyncIterable<Uint8Array> & { destroy(): unknown },
  limit: number,
): Promise<string | null> {
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
  return Buffer.concat(chunks).toString('utf8');
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
