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

/** Logs in at the first call, and once more when the server has forgotten the session, which it tells with 403. */
export function createSession(http: Http, connection: Connection): UnderSession {
  let session: Promise<SessionHeaders> | null = null;
  return async (send, signal) => {
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

/** A web page stands for a proxy or a log-in before the server; other text for another program. */
export function notQbittorrent(text: string): ServiceError {
  return new ServiceError({ service, failure: text.startsWith('<') ? 'not_json' : 'wrong_service', sent: 'answered' });
}
