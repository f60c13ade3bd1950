import { z } from 'zod';
import { ServiceError } from '../../errors.ts';
import { createHttp, type HttpReply } from '../http.ts';
import { plainText } from '../http-failures.ts';
import type { CallOptions, Connection, ServiceClient } from '../service.ts';
import { checkedAs } from '../who-answers.ts';
import { createSession, notQbittorrent, service } from './session.ts';
import {
  type SpeedLimits,
  type Torrent,
  type Transfer,
  torrentHash,
  torrentOf,
  torrentSchema,
  transferOf,
  transferSchema,
} from './torrents.ts';
import { qbittorrentWords } from './words.ts';

/** Torrents by their hashes, or all there are. */
export type Which = 'all' | readonly string[];

export type QbittorrentClient = ServiceClient & {
  /** The torrents, those that were added last first. */
  torrents(options?: CallOptions): Promise<Torrent[]>;
  transfer(options?: CallOptions): Promise<Transfer>;
  pause(which: Which, options?: CallOptions): Promise<void>;
  resume(which: Which, options?: CallOptions): Promise<void>;
  /** Sets how fast these torrents may be, or all of them together; null takes a limit away, what is left out stays as it is. */
  limitSpeed(which: Which, limits: Partial<SpeedLimits>, options?: CallOptions): Promise<void>;
  /** Adds a magnet link. Throws ServiceError `conflict` when it is there already, `rejected` when it is none. */
  add(magnet: string, options?: CallOptions & { paused?: boolean }): Promise<void>;
  /** Removes torrents, and what they downloaded with `deleteFiles`. */
  remove(which: readonly string[], options: CallOptions & { deleteFiles: boolean }): Promise<void>;
};

/** qBittorrent 4.1 to 5.x (the wiki's "WebUI API"). The session lives as long as this client. */
export function openQbittorrent(connection: Connection): QbittorrentClient {
  // Without these headers qBittorrent treats the request as cross-site. An invalid address fails in the call itself.
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

  /** Newer WebUI APIs say "stop" and "start" for pause and resume. Asked once per client. */
  let version: Promise<string> | null = null;
  async function isStopping(signal: AbortSignal | undefined): Promise<boolean> {
    version ??= text('/api/v2/app/webapiVersion', signal).catch((error: unknown) => {
      version = null;
      throw error;
    });
    const [major = 0, minor = 0] = (await version).split('.').map(Number);
    return major > 2 || (major === 2 && minor >= 11);
  }

  /** Gives the answer: empty or `Ok.` on success. Throws ServiceError when another program answers at that address. */
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
    return underSession((headers) => http.list({ ...request, headers, signal }, torrentSchema, torrentOf), signal);
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
          holds: connection.say(qbittorrentWords.holds, { count: length }),
        };
      }),
    torrents,
    async transfer(options) {
      const { signal } = options ?? {};
      const path = '/api/v2/transfer/info';
      return transferOf(await underSession((headers) => http.json({ path, headers, signal }, transferSchema), signal));
    },
    async pause(which, options) {
      const verb = (await isStopping(options?.signal)) ? 'stop' : 'pause';
      await post(`/api/v2/torrents/${verb}`, { hashes: hashesOf(which) }, options?.signal);
    },
    async resume(which, options) {
      const verb = (await isStopping(options?.signal)) ? 'start' : 'resume';
      await post(`/api/v2/torrents/${verb}`, { hashes: hashesOf(which) }, options?.signal);
    },
    async limitSpeed(which, { download, upload }, options) {
      const of = which === 'all' ? 'transfer' : 'torrents';
      const meant: Record<string, string> = which === 'all' ? {} : { hashes: hashesOf(which) };
      const set = async (call: string, limit: number | null | undefined) => {
        if (limit === undefined) return;
        await post(`/api/v2/${of}/${call}`, { ...meant, limit: String(limit ?? 0) }, options?.signal);
      };
      await set('setDownloadLimit', download);
      await set('setUploadLimit', upload);
    },
    async add(magnet, options) {
      const { signal } = options ?? {};
      const flag = (await isStopping(signal)) ? 'stopped' : 'paused';
      const form = { urls: magnet, ...(options?.paused ? { [flag]: 'true' } : {}) };
      const request = { method: 'POST' as const, path: '/api/v2/torrents/add', answers: [409], signal };
      const body = new URLSearchParams(form).toString();
      const reply = await underSession((headers) => http.text({ ...request, body, headers }), signal);
      if (wasAdded(reply)) return;
      // It does not say why. Only that the torrent was there already can be found out.
      const hash = hashOfMagnet(magnet);
      const isThere = hash !== null && (await torrents(options)).some((torrent) => torrent.hash === hash);
      const failure = isThere ? 'conflict' : 'rejected';
      throw new ServiceError({ service, failure, sent: 'answered', status: reply.status });
    },
    async remove(which, { deleteFiles, signal }) {
      await post('/api/v2/torrents/delete', { hashes: hashesOf(which), deleteFiles: String(deleteFiles) }, signal);
    },
  };
}

const addedSchema = z.looseObject({ success_count: z.number(), pending_count: z.number().nullish() });

/**
 * Whether a torrent was accepted: `Ok.` or `Fails.` with HTTP 200; since 5.3 JSON with how many were added and how many are still being
 * fetched (HTTP 202), and 409 both for a duplicate and for nonsense. Throws ServiceError for any other answer.
 */
function wasAdded({ status, text }: Pick<HttpReply, 'status' | 'text'>): boolean {
  const said = text.trim();
  if (status === 409 || said === 'Fails.') return false;
  if (said === 'Ok.' || said === '') return true;
  const counts = addedSchema.safeParse(jsonIn(said));
  if (!counts.success) throw notQbittorrent(said);
  return counts.data.success_count + (counts.data.pending_count ?? 0) > 0;
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Null if there is no hexadecimal hash: for a web address, or a magnet link in the older base 32. */
function hashOfMagnet(magnet: string): string | null {
  const hash = /^magnet:\?(?:[^#]*&)?xt=urn:btih:([0-9a-f]{40})(?:&|$)/i.exec(magnet)?.[1];
  return hash?.toLowerCase() ?? null;
}

/** Hashes in the API's form. Throws ZodError for anything that is no hash, so that no other text can become "all". */
function hashesOf(which: Which): string {
  return which === 'all' ? 'all' : z.array(torrentHash).min(1).parse(which).join('|');
}
