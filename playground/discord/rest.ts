import type { IncomingMessage, ServerResponse } from 'node:http';
import { publishCall, publishExchange } from '../exchanges.ts';
import { type ApiRequest, pathOf, readBody } from './api-request.ts';
import { notFound, Refusal, unauthorized } from './errors.ts';
import type { Gateway } from './gateway.ts';
import { RateLimits } from './rate-limits.ts';
import { fail, type RestFault } from './rest-faults.ts';
import { route } from './routes/router.ts';
import type { DiscordState } from './state.ts';

/** One call; tokens in its path are left out. The status is 0 when no answer came. */
export type RestCall = { method: string; path: string; status: number; body: unknown; at: number; ms: number };

type Reply = { status: number; body: unknown; headers?: Record<string, string> };

/** The REST API, for what the bot uses: authorization, limits, faults, a journal. */
export class Rest {
  readonly journal: RestCall[] = [];
  faults: RestFault[] = [];
  readonly #state: DiscordState;
  readonly #gateway: Gateway;
  readonly #limits: RateLimits;

  constructor(state: DiscordState, gateway: Gateway) {
    this.#state = state;
    this.#gateway = gateway;
    this.#limits = new RateLimits(state);
  }

  /** Answers one HTTP request. */
  async serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const at = Date.now();
    const url = new URL(incoming.url ?? '/', 'http://discord');
    const path = pathOf(url) ?? '';
    const method = incoming.method ?? 'GET';
    const file = method === 'GET' ? this.#file(path) : null;
    if (file !== null) {
      response.writeHead(200, { 'content-type': file.type }).end(file.bytes);
      return;
    }
    const read = await readBody(incoming).catch(refusalOf);
    const request = read instanceof Refusal ? null : { method, path, query: url.searchParams, ...read };
    const journal = (status: number) => {
      const shown = path.replace(/^(\/(?:webhooks|interactions)\/\d+)\/[^/]+/, '$1/:token');
      const call = { method, path: shown, status, at, ms: Date.now() - at };
      this.journal.push({ ...call, body: request?.payload ?? null });
      publishCall({ server: 'discord', ...call });
    };
    const fault = this.#takeFault(`${method} ${path}`);
    if (fault !== null) {
      if (fault.afterEffect && request !== null) this.#answer(request, incoming.headers.authorization);
      journal(fault.hang || fault.reset ? 0 : fault.status);
      fail(fault, incoming, response);
      return;
    }
    const reply: Reply =
      request === null
        ? replyOf(read instanceof Refusal ? read : notFound())
        : this.#answer(request, incoming.headers.authorization);
    journal(reply.status);
    const asked = { server: 'discord' as const, method, path, query: url.searchParams };
    publishExchange({ ...asked, body: request?.payload ?? null, status: reply.status, reply: reply.body });
    const headers = { ...reply.headers, ...(reply.status === 204 ? {} : { 'content-type': 'application/json' }) };
    response.writeHead(reply.status, headers).end(reply.status === 204 ? undefined : JSON.stringify(reply.body));
  }

  #answer(request: ApiRequest, authorization: string | undefined): Reply {
    const { method, path } = request;
    // Interactions are answered by their own token, which stands in the path, and are in no limit of the bot's.
    const isWebhook = /^\/(webhooks|interactions)\//.test(path);
    if (!isWebhook && authorization !== `Bot ${this.#state.token}`) return replyOf(unauthorized());
    const { headers, refuse } = isWebhook ? { headers: {}, refuse: null } : this.#limits.take(method, path);
    if (refuse !== null) return tooMany(refuse, headers);
    try {
      const body = route({ state: this.#state, gateway: this.#gateway }, request);
      return { status: body === null ? 204 : 200, body, headers };
    } catch (error) {
      if (error instanceof Refusal) return { ...replyOf(error), headers };
      throw error;
    }
  }

  #file(path: string): { bytes: Buffer; type: string } | null {
    const id = /^\/attachments\/\d+\/(\d+)\//.exec(path)?.[1];
    return this.#state.files.get(id ?? '') ?? null;
  }

  #takeFault(call: string): RestFault | null {
    const fault = this.faults.find((candidate) => candidate.match.test(call));
    if (fault === undefined) return null;
    fault.times--;
    if (fault.times <= 0) this.faults = this.faults.filter((candidate) => candidate !== fault);
    return fault;
  }
}

function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  throw error;
}

function replyOf(refusal: Refusal): Reply {
  return { status: refusal.status, body: refusal.body };
}

function tooMany(
  { retryAfter, global }: { retryAfter: number; global: boolean },
  headers: Record<string, string>,
): Reply {
  return {
    status: 429,
    body: { message: 'You are being rate limited.', code: 0, retry_after: retryAfter, global },
    headers: {
      ...headers,
      'retry-after': String(Math.ceil(retryAfter)),
      'x-ratelimit-scope': global ? 'global' : 'user',
      ...(global ? { 'x-ratelimit-global': 'true' } : {}),
    },
  };
}
