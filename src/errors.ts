import { type Message, type Saying, sayInEnglish } from './messages.ts';

/**
 * A mistake or state that the person can act on. `saying` says what failed and what to do next, is safe to show, and is said in the
 * language of whoever reads it; the error's own message is the same in English, for logs.
 */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly saying: Saying;

  constructor(saying: Saying, options?: { cause?: unknown }) {
    super(saying(sayInEnglish), options);
    this.saying = saying;
  }
}

/**
 * A mistake or state that the host can act on, told on their terminal, in English. The message says what failed and what to do next,
 * without a secret.
 */
export class HostError extends Error {
  override readonly name = 'HostError';
}

/** Why a call to a media server did not give what was asked. Each has its own words in services/describe-failure.ts. */
export const serviceFailures = [
  'address_not_found',
  'refused',
  'timed_out',
  'connection_lost',
  'certificate',
  'plain_http',
  'wants_https',
  'wrong_service',
  'unauthorized',
  'address_refused',
  'forbidden',
  'not_found',
  'rejected',
  'conflict',
  'rate_limited',
  'server_error',
  'not_json',
  'unexpected_reply',
  'too_large',
  'compressed',
  'redirected',
  'address_not_allowed',
  'own_address',
] as const;
export type ServiceFailure = (typeof serviceFailures)[number];

/**
 * A call to a media server failed. `message` never holds an address or a key, so it may reach a log or the model.
 * `detail` is text for the person: the server's own words (already shortened and free of secrets), the redirect's target
 * host, or the name of the service that answered instead. `explained` is our own sentence for what failed, where the failure alone
 * says too little; it may name the server's label. `sent` says whether the server may have acted: 'maybe' once the
 * request's bytes left and no answer came, 'no' when it surely did not reach it, 'answered' when the server replied.
 */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';
  readonly service: string;
  readonly failure: ServiceFailure;
  readonly detail: string | null;
  readonly explained: Message<{ label: string }> | null;
  readonly status: number | null;
  readonly sent: 'no' | 'maybe' | 'answered';

  constructor(options: {
    service: string;
    failure: ServiceFailure;
    sent: 'no' | 'maybe' | 'answered';
    detail?: string | null;
    explained?: Message<{ label: string }> | null;
    status?: number | null;
    cause?: unknown;
  }) {
    super(`${options.service}: ${options.failure}${options.status ? ` (HTTP ${options.status})` : ''}`, {
      cause: options.cause,
    });
    this.service = options.service;
    this.failure = options.failure;
    this.detail = options.detail ?? null;
    this.explained = options.explained ?? null;
    this.status = options.status ?? null;
    this.sent = options.sent;
  }
}

export type ErrorType = 'bad_request' | 'unauthorized' | 'forbidden' | 'not_found' | 'rate_limit' | 'offline';
export type ErrorSurface = 'database' | 'chat' | 'encryption' | 'model';

/** The data layer's error: a `type:surface` code and a message without values. The driver's error is the `cause`. */
export class ChatSDKError extends Error {
  override readonly name = 'ChatSDKError';
  readonly code: `${ErrorType}:${ErrorSurface}`;

  constructor(code: `${ErrorType}:${ErrorSurface}`, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/**
 * Another process took this one for dead and goes on with what it was doing, so it must write nothing more of that: not to Discord, to
 * a media server or to the database. Nobody is told of it: the other one tells.
 */
export class TakenOverError extends Error {
  override readonly name = 'TakenOverError';

  constructor() {
    super('another process has taken this over');
  }
}
