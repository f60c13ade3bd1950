import { z } from 'zod';
import { ServiceError } from '../../errors.ts';
import type { Message } from '../../messages.ts';
import { actingUser } from '../acting-user.ts';
import { createHttp, type Http, type HttpRequest } from '../http.ts';
import type { Connection } from '../service.ts';
import { CsrfCookies } from './csrf-cookies.ts';
import { seerrWords } from './words.ts';

export const service = 'jellyseerr';

const userIdSchema = z.string().regex(/^[1-9]\d{0,9}$/);
const userSchema = z.looseObject({ id: z.number() });

/** HTTP to Seerr: `asUser` is the actor's user, without one the key's own; `asOwner` always the key's own. */
export type SeerrAccess = { asUser: Http; asOwner: Http; myId(signal: AbortSignal | undefined): Promise<number> };

/**
 * Seerr answers a wrong key, a user who is gone and a missing permission alike: 403 without a message. Each call tells them apart by
 * asking again who it is. Throws ServiceError: `unauthorized`, `rejected` for the user, `forbidden` with words.
 */
export function openAccess(connection: Connection): SeerrAccess {
  const userId = actingUser(service, connection, userIdSchema);
  const as = (user: Record<string, string>) =>
    createHttp({
      service,
      baseUrl: connection.baseUrl,
      headers: { 'x-api-key': connection.secret, ...user },
      http: connection.http,
      secrets: [connection.secret],
    });
  const owner = as({});
  const user = userId === null ? owner : as({ 'x-api-user': userId });
  const csrf = new CsrfCookies(owner);
  const me = (http: Http, signal: AbortSignal | undefined) =>
    http.json({ path: '/api/v1/auth/me', signal }, userSchema);

  /** What a 403 without a message means. Asks only once it came. */
  async function explained(refusal: ServiceError, signal: AbortSignal | undefined): Promise<ServiceError> {
    const { status } = refusal;
    const tell = (failure: 'forbidden' | 'rejected' | 'unauthorized', explained?: Message<{ label: string }>) =>
      new ServiceError({ service, failure, sent: 'answered', status, explained: explained ?? null });
    try {
      if (await isAccepted(me(user, signal))) return tell('forbidden', seerrWords.noPermission);
      if (user === owner || !(await isAccepted(me(owner, signal)))) return tell('unauthorized');
      return tell('rejected', seerrWords.userIsGone);
    } catch (error) {
      // The reason cannot be found out now, so the failure stays general.
      if (error instanceof ServiceError) return refusal;
      throw error;
    }
  }

  async function told<Reply>(request: HttpRequest, send: (request: HttpRequest) => Promise<Reply>): Promise<Reply> {
    try {
      return await csrf.during(request, send);
    } catch (error) {
      const isUnexplained = error instanceof ServiceError && error.status === 403 && error.detail === null;
      throw isUnexplained ? await explained(error, request.signal) : error;
    }
  }

  const telling = (http: Http): Http => ({
    text: (request) => told(request, http.text),
    nothing: (request) => told(request, http.nothing),
    json: (request, schema) => told(request, (sent) => http.json(sent, schema)),
    list: (request, schema, toItem) => told(request, (sent) => http.list(sent, schema, toItem)),
    file: (request, limit) => told(request, (sent) => http.file(sent, limit)),
  });
  const asUser = telling(user);
  return { asUser, asOwner: telling(owner), myId: async (signal) => (await me(asUser, signal)).id };
}

/** Whether the server took who asks; what else fails is thrown. */
async function isAccepted(answer: Promise<unknown>): Promise<boolean> {
  try {
    await answer;
    return true;
  } catch (error) {
    if (error instanceof ServiceError && error.failure === 'forbidden') return false;
    throw error;
  }
}
