import type { z } from 'zod';
import { ServiceError } from '../../errors.ts';
import type { Message, Say } from '../../messages.ts';
import { listOf } from '../list-of.ts';
import type { CallOptions, Connection, ServiceClient } from '../service.ts';
import type { Imported, QualityProfile, RootFolder } from '../titles.ts';
import { type CalendarEntry, calendarOf } from './calendar.ts';
import { recentlyImported } from './history.ts';
import { type ArrQueue, downloadPercent, openQueue } from './queue.ts';
import { checkArr, createArrHttp, type HoldsWords, qualityProfiles, rootFolders } from './server.ts';

/** The nouns in which Radarr and Sonarr differ where they do the same, and how each reads its titles. */
export type Kind<Raw, Title> = {
  service: string;
  /** How the program calls itself. */
  label: string;
  /** Of a title in the paths of its API. */
  resource: 'movie' | 'series';
  /** Of a title at the source from which the program has it: the field, and the prefix of a look-up by it. */
  id: { field: 'tmdbId' | 'tvdbId'; prefix: 'tmdb' | 'tvdb'; of(raw: Raw): number };
  words: HoldsWords & { noSuchTitle: Message<{ label: string }> };
  /** What else it is to tell of its queue, its history and its calendar. */
  include: { queue: Record<string, boolean>; history: Record<string, boolean>; calendar: Record<string, boolean> };
  schemas: {
    title: z.ZodType<Raw>;
    /** Of a whole library only what a list shows. */
    listed: z.ZodType<Raw>;
    /** What is counted: a title needs no more to be one. */
    counted: z.ZodType;
  };
  /** `percent` is what the queue says of it, null when it is not in the queue. */
  toTitle(raw: Raw, percent: number | null, say: Say): Title;
  /** How much its files take, in bytes. */
  sizeOf(raw: Raw): number;
  /** What it calls the list of what import lists may not add. */
  exclusion: 'addImportExclusion' | 'addImportListExclusion';
  /** Whether there is nothing left to download, so that the queue need not be asked. */
  isWhole(raw: Raw): boolean;
};

/** A title of the library with the size of all its files. */
export type InLibrary<Title> = { title: Title; libraryId: number; sizeBytes: number };

/** Removing titles. */
export type TitleRemoval<Title> = {
  /** One title as the library has it, by its id at the source; null when it is not there. Does not look at the queue. */
  whole(id: number, options?: CallOptions): Promise<InLibrary<Title> | null>;
  /** Removes a title of the library. With `neverAgain` its import lists do not add it any more. */
  remove(libraryId: number, how: { deleteFiles: boolean; neverAgain: boolean }, options?: CallOptions): Promise<void>;
};

/** What both do in the same way. */
export type ArrClient<Title> = ServiceClient &
  ArrQueue &
  TitleRemoval<Title> & {
    /** Titles by words; those in the library carry their id and status. */
    lookup(term: string, options?: CallOptions): Promise<Title[]>;
    /** One title by its id at the source, with the queue's percent when it is downloading. Null when the source has none such. */
    find(id: number, options?: CallOptions): Promise<Title | null>;
    /** One title as the library has it; null when it is not there. Does not look at the queue. */
    inLibrary(id: number, options?: CallOptions): Promise<Title | null>;
    /** All titles, without their overviews, genres, ratings and lengths. */
    library(options?: CallOptions): Promise<Title[]>;
    qualityProfiles(options?: CallOptions): Promise<QualityProfile[]>;
    rootFolders(options?: CallOptions): Promise<RootFolder[]>;
    /** What was downloaded and put into the library last, newest first. */
    recentlyImported(options?: CallOptions): Promise<Imported[]>;
    /** What is monitored and comes out between two moments: see calendar.ts. */
    calendar(range: { from: Date; to: Date }, options?: CallOptions): Promise<CalendarEntry[]>;
  };

/** Opens one of the two. Beside the client it gives what adding and changing its titles needs. */
export function openArr<Raw extends { id?: number | null }, Title>(connection: Connection, kind: Kind<Raw, Title>) {
  const { service, label, id, words, schemas, include } = kind;
  const { say } = connection;
  const http = createArrHttp(service, connection);
  const path = `/api/v3/${kind.resource}`;
  const titles = listOf(schemas.title);
  const downloads = openQueue(http, include.queue, say);
  const withoutQueue = (raw: Raw) => kind.toTitle(raw, null, say);

  function lookup(term: string, options?: CallOptions & { isSentBack?: boolean }) {
    return http.json({ path: `${path}/lookup`, query: { term }, ...options }, titles);
  }

  async function lookupOne(wanted: number, options?: CallOptions & { isSentBack?: boolean }) {
    return (await lookup(`${id.prefix}:${wanted}`, options)).find((raw) => id.of(raw) === wanted);
  }

  async function own(wanted: number, options?: CallOptions) {
    const request = { path, query: { [id.field]: wanted }, signal: options?.signal };
    return (await http.json(request, titles)).find((raw) => id.of(raw) === wanted);
  }

  /** How many titles. A library whose list is too large to read is still a working library: null. */
  async function count(options?: CallOptions): Promise<number | null> {
    try {
      const { length } = await http.list({ path, signal: options?.signal }, schemas.counted, () => null);
      return length;
    } catch (error) {
      if (error instanceof ServiceError && error.failure === 'too_large') return null;
      throw error;
    }
  }

  const client: ArrClient<Title> = {
    check: (options) => checkArr(http, { service, label, connection, words }, () => count(options), options),
    async lookup(term, options) {
      return (await lookup(term, options)).map(withoutQueue);
    },
    async find(wanted, options) {
      // The library first: only it says what is there, and it needs no look-up on the internet.
      const raw = await own(wanted, options);
      if (raw === undefined) {
        const found = await lookupOne(wanted, options);
        return found === undefined ? null : withoutQueue(found);
      }
      const percent = kind.isWhole(raw) ? null : downloadPercent(await downloads.queue(options), raw.id ?? 0);
      return kind.toTitle(raw, percent, say);
    },
    async inLibrary(wanted, options) {
      const raw = await own(wanted, options);
      return raw === undefined ? null : withoutQueue(raw);
    },
    async whole(wanted, options) {
      const raw = await own(wanted, options);
      if (raw?.id == null) return null;
      return { title: withoutQueue(raw), libraryId: raw.id, sizeBytes: kind.sizeOf(raw) };
    },
    remove(libraryId, { deleteFiles, neverAgain }, options) {
      const query = { deleteFiles, [kind.exclusion]: neverAgain };
      return http.nothing({ method: 'DELETE', path: `${path}/${libraryId}`, query, signal: options?.signal });
    },
    library: (options) => http.list({ path, signal: options?.signal }, schemas.listed, withoutQueue),
    qualityProfiles: (options) => qualityProfiles(http, say, options),
    rootFolders: (options) => rootFolders(http, options),
    ...downloads,
    recentlyImported: (options) => recentlyImported(http, include.history, say, options),
    calendar: (range, options) => calendarOf(http, range, include.calendar, say, options),
  };

  return {
    http,
    client,
    /** A title as it was looked up, to be sent back when it is added. Throws ServiceError `rejected` when the source has none such. */
    async toAdd(wanted: number, options?: CallOptions): Promise<Raw> {
      const found = await lookupOne(wanted, { ...options, isSentBack: true });
      if (found !== undefined) return found;
      const explained = words.noSuchTitle;
      throw new ServiceError({ service, failure: 'rejected', sent: 'answered', explained });
    },
    async add(body: object, options?: CallOptions): Promise<Title> {
      return withoutQueue(await http.json({ method: 'POST', path, body, signal: options?.signal }, schemas.title));
    },
    /** Changes a title of the library: it is read whole, and sent back with the changes. `reply` is what is read of the answer. */
    async change<Reply extends z.ZodType>(
      libraryId: number,
      changed: (raw: Raw) => object,
      reply: Reply,
      options?: CallOptions,
    ): Promise<z.output<Reply>> {
      const at = `${path}/${libraryId}`;
      const raw = await http.json({ path: at, signal: options?.signal, isSentBack: true }, schemas.title);
      const body = { ...raw, ...changed(raw) };
      return http.json({ method: 'PUT', path: at, body, signal: options?.signal }, reply);
    },
  };
}
