import { z } from 'zod';
import { ServiceError, type ServiceFailure } from '../errors.ts';

type Reply = { status: number; headers: Record<string, string | string[] | undefined>; text: string; base: string };

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

/** What a reply with a status of 300 or more means. A redirect is told by its host and never followed. */
export function failureOfStatus(service: string, reply: Reply): ServiceError {
  const { status } = reply;
  const isRedirect = status < 400;
  const failure = isRedirect
    ? 'redirected'
    : (byStatus[status] ?? (status >= 500 ? 'server_error' : 'unexpected_reply'));
  const detail = isRedirect
    ? redirectTarget(reply)
    : failure === 'rejected' || failure === 'conflict'
      ? serverWords(reply.text)
      : null;
  return new ServiceError({ service, failure, sent: 'answered', status, detail });
}

/** Scheme, host and path of where a redirect points: no query, no credentials. */
function redirectTarget(reply: Reply): string | null {
  const location = reply.headers.location;
  const target = typeof location === 'string' ? URL.parse(location, `${reply.base}/`) : null;
  return target === null ? null : plainText(`${target.protocol}//${target.host}${target.pathname}`);
}

const refusals = z.array(z.looseObject({ errorMessage: z.string() })).min(1);
const refusal = z.looseObject({ message: z.string().min(1) });

/** The server's own words of why it refused: Radarr and Sonarr send a list, the others a message. */
function serverWords(text: string): string | null {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    // A refusal without JSON has no words worth showing.
    return null;
  }
  const list = refusals.safeParse(body);
  if (list.success) return plainText(list.data.map((item) => item.errorMessage).join(' '));
  const one = refusal.safeParse(body);
  return one.success ? plainText(one.data.message) : null;
}

/** Text from a server, cut to one short line without control characters or marks that Discord would act on. */
export function plainText(text: string, limit = 200): string {
  const line = text
    .replace(/[\p{Cc}\p{Cf}]+/gu, ' ')
    .replace(/[`*_~|<>@\\]/g, '')
    .replace(/\s+/g, ' ')
    .trim();
  return line.length > limit ? `${line.slice(0, limit - 1).toWellFormed()}…` : line;
}

const byCode: Record<string, ServiceFailure> = {
  ADDRESS_NOT_ALLOWED: 'address_not_allowed',
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
};

/** These come before a connection is there, so the request cannot have reached the server. */
const beforeConnection = new Set<ServiceFailure>([
  'address_not_allowed',
  'address_not_found',
  'refused',
  'certificate',
]);

/** What a call that got no whole reply means. Only the error's code is kept: messages hold addresses. */
export function failureOfError(
  service: string,
  error: unknown,
  call: { timedOut: boolean; mayHaveActed: boolean; answered: boolean },
): ServiceError {
  const code = codeOf(error);
  const failure = call.timedOut
    ? 'timed_out'
    : (byCode[code] ?? (isCertificate(code) ? 'certificate' : 'connection_lost'));
  const sent = !call.mayHaveActed || beforeConnection.has(failure) ? 'no' : 'maybe';
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
