import { z } from 'zod';
import { ServiceError } from '../../errors.ts';
import { createHttp } from '../http.ts';
import { plainText } from '../http-failures.ts';
import type { CallOptions, Connection, ServiceClient } from '../service.ts';
import { checkedAs } from '../who-answers.ts';
import { createSession, notQbittorrent, service } from './session.ts';
import { type Torrent, type Transfer, torrentHash, torrentOf, torrentSchema, transferSchema } from './torrents.ts';

/** Torrents by their hashes, or all there are. */
export type Which = 'all' | readonly string[];

export type QbittorrentClient = ServiceClient & {
  /** The torrents, those that were added last first. */
  torrents(options?: CallOptions): Promise<Torrent[]>;
  transfer(options?: CallOptions): Promise<Transfer>;
  pause(which: Which, options?: CallOptions): Promise<void>;
  resume(which: Which, options?: CallOptions): Promise<void>;
  /** Adds a magnet link. Throws ServiceError `rejected` when it is none, or there already. */
  add(magnet: string, options?: CallOptions & { paused?: boolean }): Promise<void>;
  /** Removes torrents, and what they downloaded with `deleteFiles`. */
  remove(which: readonly string[], options: CallOptions & { deleteFiles: boolean }): Promise<void>;
};

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
  const underSession = createSession(http, connection);

  const text = async (path: string, signal: AbortSignal | undefined) =>
    (await underSession((headers) => http.text({ path, headers, signal }), signal)).text.trim();

  /** Newer WebUI APIs have other names for the same: asked once a client. */
  let version: Promise<string> | null = null;
  async function isStopping(signal: AbortSignal | undefined): Promise<boolean> {
    version ??= text('/api/v2/app/webapiVersion', signal).catch((error: unknown) => {
      version = null;
      throw error;
    });
    const [major = 0, minor = 0] = (await version).split('.').map(Number);
    return major > 2 || (major === 2 && minor >= 11);
  }

  /** Gives what it said: nothing or `Ok.` when it did it. Throws ServiceError when something else stands at that address. */
  async function post(path: string, form: Record<string, string>, signal: AbortSignal | undefined): Promise<string> {
    const body = new URLSearchParams(form).toString();
    const send = (headers: Record<string, string>) => http.text({ method: 'POST', path, body, headers, signal });
    const said = (await underSession(send, signal)).text.trim();
    if (!/^(Ok\.|Fails\.)?$/.test(said)) throw notQbittorrent(said);
    return said;
  }

  async function torrents(options?: CallOptions): Promise<Torrent[]> {
    const request = { path: '/api/v2/torrents/info', query: { sort: 'added_on', reverse: true } };
    const { signal } = options ?? {};
    const raw = await underSession(
      (headers) => http.json({ ...request, headers, signal }, z.array(torrentSchema)),
      signal,
    );
    return raw.map(torrentOf);
  }

  return {
    check: (options) =>
      checkedAs({ service, label: 'qBittorrent', connection }, options, async () => {
        const app = await text('/api/v2/app/version', options?.signal);
        const api = await text('/api/v2/app/webapiVersion', options?.signal);
        if (!/^v?\d+\.\d+/.test(app) || !/^\d+\.\d+/.test(api)) throw notQbittorrent(app);
        const { length } = await torrents(options);
        return {
          version: plainText(app.replace(/^v/, ''), 40),
          holds: `${length} ${length === 1 ? 'torrent' : 'torrents'}`,
        };
      }),
    torrents,
    async transfer(options) {
      const { signal } = options ?? {};
      const path = '/api/v2/transfer/info';
      const raw = await underSession((headers) => http.json({ path, headers, signal }, transferSchema), signal);
      return { downloadSpeed: raw.dl_info_speed, uploadSpeed: raw.up_info_speed };
    },
    async pause(which, options) {
      const verb = (await isStopping(options?.signal)) ? 'stop' : 'pause';
      await post(`/api/v2/torrents/${verb}`, { hashes: hashesOf(which) }, options?.signal);
    },
    async resume(which, options) {
      const verb = (await isStopping(options?.signal)) ? 'start' : 'resume';
      await post(`/api/v2/torrents/${verb}`, { hashes: hashesOf(which) }, options?.signal);
    },
    async add(magnet, options) {
      const flag = (await isStopping(options?.signal)) ? 'stopped' : 'paused';
      const form = { urls: magnet, ...(options?.paused ? { [flag]: 'true' } : {}) };
      const said = await post('/api/v2/torrents/add', form, options?.signal);
      // It refuses with HTTP 200, and does not say why.
      if (said === 'Fails.') throw new ServiceError({ service, failure: 'rejected', sent: 'answered', status: 200 });
    },
    async remove(which, { deleteFiles, signal }) {
      await post('/api/v2/torrents/delete', { hashes: hashesOf(which), deleteFiles: String(deleteFiles) }, signal);
    },
  };
}

/** Hashes as the API takes them. Throws ZodError for what is none, so that no text of another kind becomes "all". */
function hashesOf(which: Which): string {
  return which === 'all' ? 'all' : z.array(torrentHash).min(1).parse(which).join('|');
}
