import { z } from 'zod';
import { ServiceError } from '../../errors.ts';
import { createHttp, type HttpRequest } from '../http.ts';
import { plainText } from '../http-failures.ts';
import type { Connection, ServiceCheck, ServiceClient } from '../service.ts';

const torrentsSchema = z.array(z.looseObject({ hash: z.string(), state: z.string().nullish() }));

export type QbittorrentClient = ServiceClient;

/** qBittorrent 4.1 to 5.x (the wiki's "WebUI API"). The session cookie lives as long as this client. */
export function openQbittorrent(connection: Connection): QbittorrentClient {
  const service = 'qbittorrent';
  const origin = new URL(connection.baseUrl).origin;
  const http = createHttp({
    service,
    baseUrl: connection.baseUrl,
    // Without them qBittorrent takes the request for one that another site makes.
    headers: { referer: origin, origin },
    http: connection.http,
  });
  let session: Promise<string> | null = null;

  /** A wrong password is HTTP 200 with the body `Fails.`; newer versions answer 204 or 401. */
  async function logIn(signal: AbortSignal | undefined): Promise<string> {
    const body = new URLSearchParams({ username: connection.username ?? '', password: connection.secret }).toString();
    const reply = await http.text({ method: 'POST', path: '/api/v2/auth/login', body, signal });
    if (reply.text.trim() === 'Fails.') throw new ServiceError({ service, failure: 'unauthorized', sent: 'answered' });
    const cookies = [reply.headers['set-cookie'] ?? []].flat();
    const cookie = cookies.map((line) => line.split(';')[0] ?? '').filter((pair) => /^(SID|QBT_SID_\d+)=/.test(pair));
    if (cookie.length > 0) return cookie.join('; ');
    // With "bypass authentication for clients on localhost" there is no cookie, and none is needed.
    if (reply.text.trim() === 'Ok.' || reply.status === 204) return '';
    throw new ServiceError({ service, failure: 'wrong_service', sent: 'answered', status: reply.status });
  }

  /** One call under the session. A session that ran out answers 403: it is opened anew, once. */
  async function call(request: HttpRequest) {
    const first = session === null;
    session ??= logIn(request.signal);
    const attempt = session;
    const send = async () => http.text({ ...request, headers: { cookie: await attempt } });
    try {
      return await send();
    } catch (error) {
      if (session === attempt) session = null;
      if (first || !(error instanceof ServiceError) || error.status !== 403) throw error;
      session = logIn(request.signal);
      return http.text({ ...request, headers: { cookie: await session } });
    }
  }

  return {
    async check(options): Promise<ServiceCheck> {
      const version = await call({ path: '/api/v2/app/version', signal: options?.signal });
      if (!/^v?\d+\.\d+/.test(version.text.trim()))
        throw new ServiceError({ service, failure: 'wrong_service', sent: 'answered' });
      const reply = await call({ path: '/api/v2/torrents/info', signal: options?.signal });
      const count = countTorrents(reply.text);
      return { version: plainText(version.text, 40), holds: `${count} ${count === 1 ? 'torrent' : 'torrents'}` };
    },
  };

  function countTorrents(text: string): number {
    const parsed = z.string().transform(parseJson).pipe(torrentsSchema).safeParse(text);
    if (!parsed.success) throw new ServiceError({ service, failure: 'unexpected_reply', sent: 'answered' });
    return parsed.data.length;
  }
}

function parseJson(text: string, context: z.RefinementCtx): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's message quotes the text.
    context.addIssue({ code: 'custom', message: 'no JSON' });
    return z.NEVER;
  }
}
