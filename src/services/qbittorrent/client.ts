import { z } from 'zod';
import { ServiceError } from '../../errors.ts';
import { createHttp, type Http, type HttpReply } from '../http.ts';
import { plainText } from '../http-failures.ts';
import type { Connection, ServiceClient } from '../service.ts';
import { checkedAs } from '../who-answers.ts';

const service = 'qbittorrent';
const torrentsSchema = z.array(z.looseObject({ hash: z.string() }));

export type QbittorrentClient = ServiceClient;

/** qBittorrent 4.1 to 5.x (the wiki's "WebUI API"). The session lives as long as this client. */
export function openQbittorrent(connection: Connection): QbittorrentClient {
  // Without them qBittorrent takes the request for one that another site makes. An address that is none fails in the call.
  const origin = URL.parse(connection.baseUrl)?.origin;
  const http = createHttp({
    service,
    baseUrl: connection.baseUrl,
    headers: origin === undefined ? {} : { referer: origin, origin },
    http: connection.http,
    secrets: [connection.secret],
  });
  const underSession = createSession((signal) => logIn(http, connection, signal));

  return {
    check: (options) =>
      checkedAs({ service, label: 'qBittorrent', connection }, options, async () => {
        const signal = options?.signal;
        const ask = (path: string) => underSession((headers) => http.text({ path, headers, signal }), signal);
        const version = (await ask('/api/v2/app/version')).text.trim();
        const api = (await ask('/api/v2/app/webapiVersion')).text.trim();
        if (!/^v?\d+\.\d+/.test(version) || !/^\d+\.\d+/.test(api)) throw notQbittorrent(version);
        const torrents = await underSession(
          (headers) => http.json({ path: '/api/v2/torrents/info', headers, signal }, torrentsSchema),
          signal,
        );
        const holds = `${torrents.length} ${torrents.length === 1 ? 'torrent' : 'torrents'}`;
        return { version: plainText(version, 40), holds };
      }),
  };
}

type SessionHeaders = Record<string, string>;

/** Logs in at the first call, and once more when the server has forgotten the session, which it tells with 403. */
function createSession(logIn: (signal: AbortSignal | undefined) => Promise<SessionHeaders>) {
  let session: Promise<SessionHeaders> | null = null;
  return async <Result>(
    send: (headers: SessionHeaders) => Promise<Result>,
    signal: AbortSignal | undefined,
  ): Promise<Result> => {
    const wasThere = session !== null;
    const attempt = session ?? logIn(signal);
    session = attempt;
    try {
      return await send(await attempt);
    } catch (error) {
      if (session === attempt) session = null;
      if (!wasThere || !(error instanceof ServiceError) || error.status !== 403) throw error;
      session ??= logIn(signal);
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
function notQbittorrent(text: string): ServiceError {
  return new ServiceError({ service, failure: text.startsWith('<') ? 'not_json' : 'wrong_service', sent: 'answered' });
}
