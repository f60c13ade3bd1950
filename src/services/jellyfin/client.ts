import { z } from 'zod';
import { ServiceError } from '../../errors.ts';
import { actingUser } from '../acting-user.ts';
import { createHttp } from '../http.ts';
import { plainText } from '../http-failures.ts';
import { listOf } from '../list-of.ts';
import type { CallOptions, Connection, ServiceClient, ServiceUser } from '../service.ts';
import { namelessMessages } from '../titles.ts';
import { checkedAs } from '../who-answers.ts';
import {
  idSchema,
  itemOf,
  type itemSchema,
  itemsSchema,
  type LibraryItem,
  latestSchema,
  type PlaySession,
  sessionOf,
  sessionsSchema,
  watchedSchema,
} from './items.ts';
import { type PictureFile, pictureOf } from './picture.ts';
import { jellyfinWords } from './words.ts';

const infoSchema = z.looseObject({ ProductName: z.string().nullish(), Version: z.string().nullish() });
const countsSchema = z.looseObject({ MovieCount: z.number().nullish(), SeriesCount: z.number().nullish() });
const usersSchema = listOf(z.looseObject({ Id: z.string(), Name: z.string().nullish() }));

export type JellyfinClient = ServiceClient & {
  /** Everyone who has an account: API keys are server-wide, so the person must say who they are. */
  users(options?: CallOptions): Promise<ServiceUser[]>;
  /** Whether this connection knows which user the person is; without one, `resume` gives nothing. */
  hasUser: boolean;
  /** Films and series by words of their title. */
  search(query: string, options?: CallOptions): Promise<LibraryItem[]>;
  /** What was added last, several episodes of a series together where the user is known. */
  latest(options?: CallOptions): Promise<LibraryItem[]>;
  /** What the person began and did not finish; nothing without a user. */
  resume(options?: CallOptions): Promise<LibraryItem[]>;
  /** One item, of a series how much of it this person has watched too; null when it is not there. */
  find(itemId: string, options?: CallOptions): Promise<LibraryItem | null>;
  /** Marks an item as watched by the person or not, of a series all episodes. Only with a user. Throws ServiceError; `not_found` when it is not there. */
  markWatched(itemId: string, isWatched: boolean, options?: CallOptions): Promise<void>;
  /** An item's poster, small, to be sent as a file. Throws ServiceError; `not_found` when there is none. */
  poster(itemId: string, options?: CallOptions): Promise<PictureFile>;
  /** Who is watching what now, on the whole server. */
  sessions(options?: CallOptions): Promise<PlaySession[]>;
};

const mostItems = 20;
const posterWidth = 240;
/** A poster of that width has some 20 KB. */
const mostPosterBytes = 500_000;
/** Jellyfin ends a session after some minutes without a message from the device. */
const activeSeconds = 960;

/** Jellyfin 10.11 and 12.0 (api.jellyfin.org). */
export function openJellyfin(connection: Connection): JellyfinClient {
  const fields = {
    Client: 'Assistarr',
    Device: 'Discord',
    DeviceId: 'assistarr',
    Version: '1',
    Token: connection.secret,
  };
  const pairs = Object.entries(fields).map(([name, value]) => `${name}="${encodeURIComponent(value.toWellFormed())}"`);
  const http = createHttp({
    service: 'jellyfin',
    baseUrl: connection.baseUrl,
    headers: { authorization: `MediaBrowser ${pairs.join(', ')}` },
    http: connection.http,
    secrets: [connection.secret],
  });
  const userId = actingUser('jellyfin', connection, idSchema);
  const user = userId === null ? {} : { userId };
  const { say } = connection;
  const toItem = (raw: z.output<typeof itemSchema>) => itemOf(raw, say);
  const list = async (path: string, query: Record<string, string | number | boolean>, options?: CallOptions) => {
    const reply = await http.json({ path, query: { ...query, ...user }, signal: options?.signal }, itemsSchema);
    return (reply.Items ?? []).map(toItem);
  };
  const titles = { includeItemTypes: 'Movie,Series', recursive: true, limit: mostItems, enableTotalRecordCount: false };
  return {
    hasUser: userId !== null,
    check: (options) =>
      checkedAs({ service: 'jellyfin', label: 'Jellyfin', connection }, options, async () => {
        const open = await http.json({ path: '/System/Info/Public', signal: options?.signal }, infoSchema);
        if (open.ProductName !== 'Jellyfin Server') {
          const detail = open.ProductName ? plainText(open.ProductName, 40) : null;
          throw new ServiceError({ service: 'jellyfin', failure: 'wrong_service', sent: 'answered', detail });
        }
        const [info, counts] = await Promise.all([
          http.json({ path: '/System/Info', signal: options?.signal }, infoSchema),
          http.json({ path: '/Items/Counts', signal: options?.signal }, countsSchema),
        ]);
        return {
          version: plainText(info.Version ?? say(namelessMessages.version), 40),
          holds: say(jellyfinWords.holds, { films: counts.MovieCount ?? 0, series: counts.SeriesCount ?? 0 }),
        };
      }),
    async users(options) {
      const users = await http.json({ path: '/Users', signal: options?.signal }, usersSchema);
      return users.map((user) => ({ id: user.Id, name: user.Name ?? user.Id }));
    },
    search: (query, options) => list('/Items', { ...titles, searchTerm: query }, options),
    async latest(options) {
      if (userId === null)
        return list('/Items', { ...titles, sortBy: 'DateCreated', sortOrder: 'Descending' }, options);
      // Without types, music and books would come too.
      const query = { ...user, includeItemTypes: 'Movie,Episode', limit: mostItems };
      const request = { path: '/Items/Latest', query, signal: options?.signal };
      return (await http.json(request, latestSchema)).map(toItem);
    },
    async resume(options) {
      if (userId === null) return [];
      return list('/UserItems/Resume', { limit: mostItems, mediaTypes: 'Video' }, options);
    },
    async find(itemId, options) {
      // Of a series Jellyfin says how many episodes are left; with their number it is known how many were watched.
      const query = { ids: idSchema.parse(itemId), fields: 'RecursiveItemCount', enableTotalRecordCount: false };
      const [item] = await list('/Items', query, options);
      return item ?? null;
    },
    async markWatched(itemId, isWatched, options) {
      const method = isWatched ? 'POST' : 'DELETE';
      const path = `/UserPlayedItems/${idSchema.parse(itemId)}`;
      await http.json({ method, path, query: user, signal: options?.signal }, watchedSchema);
    },
    async poster(itemId, options) {
      const path = `/Items/${idSchema.parse(itemId)}/Images/Primary`;
      const query = { maxWidth: posterWidth, quality: 85, format: 'Jpg' };
      const request = { path, query, headers: { accept: 'image/*' }, signal: options?.signal };
      const picture = pictureOf(await http.file(request, mostPosterBytes));
      if (picture !== null) return picture;
      throw new ServiceError({ service: 'jellyfin', failure: 'unexpected_reply', sent: 'answered' });
    },
    async sessions(options) {
      const request = { path: '/Sessions', query: { activeWithinSeconds: activeSeconds }, signal: options?.signal };
      const sessions = await http.json(request, sessionsSchema);
      return sessions.map((one) => sessionOf(one, say)).filter((session) => session !== null);
    },
  };
}
