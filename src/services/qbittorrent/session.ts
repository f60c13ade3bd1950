import { ServiceError } from '../../errors.ts';
import type { Http, HttpReply } from '../http.ts';
import type { Connection } from '../service.ts';

export const service = 'qbittorrent';

export type SessionHeaders = Record<string, string>;

/** Runs a call with the session's cookie. */
export type UnderSession = <Result>(
  send: (headers: SessionHeaders) => Promise<Result>,
  signal: AbortSignal | undefined,
) => Promise<Result>;

/**
 * Logs in at the first call, and once more when the server has forgotten the session, which it tells with 403. A 401 is told apart:
 * `unauthorized` is the password, `address_refused` the address (`detail` is its port).
 */
export function createSession(http: Http, connection: Connection): UnderSession {
  let session: Promise<SessionHeaders> | null = null;
  const run: UnderSession = async (send, signal) => {
    const wasThere = session !== null;
    const attempt = session ?? logIn(http, connection, signal);
    session = attempt;
    try {
      return await send(await attempt);
    } catch (error) {
      if (session === attempt) session = null;
      if (!wasThere || !(error instanceof ServiceError) || error.status !== 403) throw error;
      session ??= logIn(http, connection, signal);
      return send(await session);
    }
  };
  return async (send, signal) => {
    try {
      return await run(send, signal);
    } catch (error) {
      if (!(error instanceof ServiceError) || error.status !== 401 || !(await refusesAddress(http, signal)))
        throw error;
      throw new ServiceError({
        service,
        failure: 'address_refused',
        sent: 'answered',
        status: 401,
        detail: portOf(connection),
      });
    }
  };
}

/**
 * Tells a refused address from a wrong password, which is also 401 in newer versions. If the request's port or host is unexpected, every
 * version answers 401 at every path, the start page too (WebApplication::validateHostHeader). A proxy's log-in has its own header.
 */
async function refusesAddress(http: Http, signal: AbortSignal | undefined): Promise<boolean> {
  try {
    const { status, headers } = await http.text({ path: '/', answers: [401], signal });
    const isText = /^text\/plain\b/i.test(String(headers['content-type'] ?? ''));
    return status === 401 && isText && headers['www-authenticate'] === undefined;
  } catch (error) {
    if (error instanceof ServiceError) return false;
    throw error;
  }
}

function portOf({ baseUrl }: Connection): string | null {
  const address = URL.parse(baseUrl);
  return address === null ? null : address.port || (address.protocol === 'https:' ? '443' : '80');
}

/** The session's cookie. A wrong password is HTTP 200 with the body `Fails.`, 401 in newer versions. */
async function logIn(http: Http, connection: Connection, signal: AbortSignal | undefined): Promise<SessionHeaders> {
  const form = new URLSearchParams({ username: connection.username ?? '', password: connection.secret });
  const reply = await http.text({ method: 'POST', path: '/api/v2/auth/login', body: form.toString(), signal });
  const text = reply.text.trim();
  if (text === 'Fails.') throw new ServiceError({ service, failure: 'unauthorized', sent: 'answered', status: 200 });
  if (text !== 'Ok.' && reply.status !== 204) throw notQbittorrent(text);
  const cookie = cookiesOf(reply);
  // With "bypass authentication for clients on localhost" there is no cookie, and none is needed.
  return cookie === '' ? {} : { cookie };
}

/** Name and value of every cookie: `SID`, and `QBT_SID_` with the port in newer versions. */
function cookiesOf(reply: HttpReply): string {
  const lines = [reply.headers['set-cookie'] ?? []].flat();
  return lines.flatMap((line) => line.split(';')[0]?.trim() || []).join('; ');
}

/** A web page means a proxy or a log-in in front of the server; other text means another program. */
export function notQbittorrent(text: string): ServiceError {
  return new ServiceError({ service, failure: text.startsWith('<') ? 'not_json' : 'wrong_service', sent: 'answered' });
}
