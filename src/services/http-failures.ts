import { z } from 'zod';
import { ServiceError, type ServiceFailure } from '../errors.ts';

type Reply = {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
  base: string;
  secrets: readonly string[];
};

const byStatus: Record<number, ServiceFailure> = {
  400: 'rejected',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  405: 'not_found',
  409: 'conflict',
  422: 'rejected',
  429: 'rate_limited',
};

/** What nginx and Go's servers say to plain http at a port of TLS. */
const wantsHttps = /HTTP request (?:was sent )?to (?:an )?HTTPS (?:port|server)/i;

/** The failures that the server's own words explain further. */
const withWords = new Set<ServiceFailure>(['rejected', 'conflict', 'unauthorized', 'forbidden', 'server_error']);

/** What a reply with a status of 300 or more means. A redirect is never followed; its target is the detail. */
export function failureOfStatus(service: string, reply: Reply): ServiceError {
  const { status } = reply;
  const tell = (failure: ServiceFailure, detail: string | null = null) =>
    new ServiceError({ service, failure, sent: 'answered', status, detail });
  if (status < 400) return tell('redirected', redirectTarget(reply));
  if (status === 400 && wantsHttps.test(reply.text)) return tell('wants_https');
  const failure = byStatus[status] ?? (status >= 500 ? 'server_error' : 'unexpected_reply');
  if (!withWords.has(failure)) return tell(failure);
  const { words, isAlreadyThere } = readRefusal(reply);
  return tell(isAlreadyThere ? 'conflict' : failure, words === null ? null : plainText(redact(words, reply)));
}

/** Scheme, host and path of where a redirect points: no query, no credentials. */
function redirectTarget(reply: Reply): string | null {
  const location = reply.headers.location;
  const target = typeof location === 'string' ? URL.parse(location, `${reply.base}/`) : null;
  if (target === null) return null;
  const shown = redact(`${target.protocol}//${target.host}${target.pathname}`, { secrets: reply.secrets });
  return shown.replace(/[^\w.:/[\]%…-]/g, '').slice(0, 200);
}

const refusals = z.array(z.looseObject({ errorMessage: z.string(), errorCode: z.string().nullish() })).min(1);
const refusal = z.looseObject({ message: z.string().min(1) });
type Refusal = { words: string | null; isAlreadyThere: boolean };

/**
 * The server's own words for why it refused: Radarr and Sonarr send a list, the others a message. A title that is there already
 * is HTTP 400 too, recognised by the code of the failed check (codes of other checks end alike).
 */
function readRefusal({ text, headers }: Pick<Reply, 'text' | 'headers'>): Refusal {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    const isText = /^text\/plain\b/i.test(String(headers['content-type'] ?? ''));
    return { words: isText ? sentenceIn(text) : null, isAlreadyThere: false };
  }
  // A refusal has only a few reasons; of a longer list zod would collect an issue for every invalid item.
  const list = refusals.safeParse(Array.isArray(body) ? body.slice(0, 5) : body);
  if (list.success) {
    return {
      words: list.data.map((item) => item.errorMessage).join(' '),
      isAlreadyThere: list.data.some((item) => /^(Movie|Series)ExistsValidator$/.test(item.errorCode ?? '')),
    };
  }
  const one = refusal.safeParse(body);
  return { words: one.success ? one.data.message : null, isAlreadyThere: false };
}

/** One short sentence, such as qBittorrent's reason for a ban; null for "Forbidden" and for web pages. */
function sentenceIn(text: string): string | null {
  const line = text.trim();
  return /^\p{L}[^<>]{10,300}$/u.test(line) && line.split(/\s+/).length >= 3 ? line : null;
}

/** Removes the person's key and address from what a server said, in case it repeats them. */
function redact(text: string, { secrets, base }: { secrets: readonly string[]; base?: string }): string {
  const spellings = secrets.flatMap((secret) => [secret, encodeURIComponent(secret.toWellFormed())]);
  return [...spellings, base ?? '']
    .filter((hidden) => hidden !== '')
    .reduce((shown, hidden) => shown.replaceAll(hidden, '…'), text);
}

/** Text from a server, cut to one short line without control characters, schemes of addresses or marks that Discord would act on. */
export function plainText(text: string, limit = 200): string {
  const line = text
    .replace(/[\p{Cc}\p{Cf}]+/gu, ' ')
    .replace(/[`*_~|<>@[\]\\]/g, '')
    // "http://radarr:7878/x" is just as readable without its scheme, and then no client makes a link of it.
    .replace(/[a-z][a-z0-9+.-]{0,30}:\/+/gi, '')
    .replace(/(discord(?:app)?\.[a-z]+)\//gi, '$1 ')
    .replace(/\s+/g, ' ')
    .trim();
  return line.length > limit ? `${line.slice(0, limit - 1).toWellFormed()}…` : line;
}

const byCode: Record<string, ServiceFailure> = {
  ADDRESS_NOT_ALLOWED: 'address_not_allowed',
  OWN_ADDRESS: 'own_address',
  ENOTFOUND: 'address_not_found',
  EAI_AGAIN: 'address_not_found',
  EAI_FAIL: 'address_not_found',
  ENODATA: 'address_not_found',
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'refused',
  EHOSTDOWN: 'refused',
  ENETUNREACH: 'refused',
  EADDRNOTAVAIL: 'refused',
  EACCES: 'refused',
  ETIMEDOUT: 'timed_out',
  UND_ERR_CONNECT_TIMEOUT: 'timed_out',
  PLAIN_HTTP: 'plain_http',
  // The key contains characters that are not allowed in a header, so it cannot be the server's.
  UND_ERR_INVALID_ARG: 'unauthorized',
  ERR_INVALID_URL: 'address_not_found',
};

/** What a call without a complete reply means. Only the error's code is kept, because messages contain addresses. */
export function failureOfError(
  service: string,
  error: unknown,
  call: { timedOut: boolean; mayHaveActed: boolean },
): ServiceError {
  const code = codeOf(error);
  const failure = call.timedOut
    ? 'timed_out'
    : (byCode[code] ?? (isCertificate(code) ? 'certificate' : 'connection_lost'));
  const sent = call.mayHaveActed ? 'maybe' : 'no';
  return new ServiceError({ service, failure, sent, cause: new Error(code === '' ? 'no code' : code) });
}

function isCertificate(code: string): boolean {
  return /CERT|SSL|TLS|SELF_SIGNED|UNABLE_TO_|ERR_SSL|EPROTO/.test(code);
}

/** The code of an error, of what caused it, or of the first of several attempts. */
function codeOf(error: unknown, depth = 0): string {
  if (!(error instanceof Error) || depth > 4) return '';
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0], depth + 1);
  if ('code' in error && typeof error.code === 'string') return error.code;
  return codeOf(error.cause, depth + 1);
}
