import { type Json, objects } from '../json.ts';
import { describe, found, listOf, nameOf, titleLine } from './words.ts';

/** What is known of what a person wants: from the slots of their sentence, and from what was looked up for it. */
export type Known = Readonly<Record<string, unknown>>;

/** Sentences with slots (see match.ts), and what they say besides. */
type Phrase = {
  says: readonly string[];
  means?: Known;
  /** They are about the last call of this operation in the conversation, and so about its input. */
  recalls?: string;
  /** What its examples say in a slot, where the operation's are of another kind. */
  example?: Readonly<Record<string, string>>;
};

type Operation = {
  phrases: readonly Phrase[];
  /** The tool in which the model is offered it as an action; without it, it is a tool by its own name. */
  as?: { tool: string; action: string };
  /** What its examples say in a slot, where the slot's own example is of another kind. */
  example?: Readonly<Record<string, string>>;
  /** What a sentence cannot say, and the operation that tells it. Asked in this order, unless it is known. */
  needs?: Readonly<Record<string, string>>;
  input(known: Known): object;
  /** What its result tells of what is wanted; null when that is not there. */
  tells?(result: Json, known: Known): Known | null;
  /** What the model says of its result. One that waits for a press has the bot's own words, on its card. */
  answer?(result: Json): string;
};

const get = 'get|add|request|download|grab|fetch|order|watch|see [me|us]';
const want = 'I|we want|need';
const titles = [`${get} {title}`, `${want} {title}`];
const titlesIn4k = [`${get} {title} in 4k|uhd`];
const films = [
  `${get} the film|movie {title}`,
  `${get} {title} from|of {year}`,
  `${want} the film|movie {title}`,
  `${want} {title} from|of {year}`,
];
const series = [
  `${get} the [tv] series|show {title}`,
  `${get} all [the] seasons of {title}`,
  `${get} all of {title}`,
  `${want} the [tv] series|show {title}`,
];
const seasons = [
  `${get} season|seasons {seasons} of {title}`,
  `${get} {title} season|seasons {seasons}`,
  `${want} season|seasons {seasons} of {title}`,
];
const firstSeason = [`${get} [the] first season of {title}`];
const search = [
  'search|look [for] {title}',
  'find {title}',
  'look up {title}',
  'do|have I|we have|got {title}',
  'is there {title}',
];
const searchFilm = ['search|look [for] the film|movie {title}', 'find the film|movie {title}'];
const searchSeries = ['search|look [for] the [tv] series|show {title}', 'find the [tv] series|show {title}'];
const about = [
  'tell me [more] about {title}',
  'what is {title} [about]',
  'how long is {title}',
  'who is in {title}',
  'describe {title}',
];
const last = [
  'how|where is the one|film|movie|series|show I [just] requested|added|wanted',
  'what about the one|film|movie|series|show I [just] requested|added|wanted',
  'is|has it|that there|done|ready|arrived',
];
const severance = { title: 'Severance' };
const again = ['search|look for {title} again', 'search again for {title}'];

/** The first that is of the year and the kind that were named. */
function best(result: Json, { year, kind }: Known): Json | null {
  const fits = (item: Json) =>
    (year === undefined || item.year === year) && (kind === undefined || item.kind === undefined || item.kind === kind);
  return objects(result.results).find(fits) ?? null;
}

/**
 * What the playground's model understands: every operation with the sentences that ask for it and the input that they mean. A
 * sentence that stands at several operations means the first of them that the person's servers offer and that finds something.
 */
export const operations: Readonly<Record<string, Operation>> = {
  request_movie: {
    phrases: [{ says: [...titles, ...titlesIn4k, ...films] }],
    needs: { tmdbId: 'search_movies' },
    input: ({ tmdbId }) => ({ tmdbId }),
  },
  request_series: {
    phrases: [{ says: [...seasons, ...titles, ...series] }, { says: firstSeason, means: { seasons: [1] } }],
    example: severance,
    needs: { tvdbId: 'search_series', listed: 'get_series' },
    input: ({ tvdbId, seasons: wanted, listed }) => ({ tvdbId, seasons: wanted ?? listed }),
  },
  get_download_queue: {
    phrases: [
      {
        says: [
          'what is downloading [right] [now]',
          'show [me] the|my queue|downloads',
          'how far|fast is it',
          'how far|fast are the|my downloads',
          'what is in the|my queue',
        ],
      },
    ],
    input: () => ({}),
    tells: (result, { title }) => {
      const words = String(title).toLowerCase().split(' ');
      const isMeant = (row: Json) =>
        row.queueId != null && words.every((word) => String(row.title).toLowerCase().includes(word));
      const row = objects(result.downloads).find(isMeant);
      return row === undefined ? null : { queueId: row.queueId, kind: row.service === 'Radarr' ? 'movie' : 'series' };
    },
    answer: listOf('downloads', {
      heading: 'Downloading now:',
      nothing: 'Nothing is downloading.',
      line: ({ title, percent, downloadSpeed }) => {
        const speed = Number(downloadSpeed ?? 0);
        return `${String(title)}: ${String(percent)} %${speed > 0 ? ` at ${speed / 1_000_000} MB/s` : ''}`;
      },
    }),
  },
  remove_from_queue: {
    phrases: [
      { says: ['remove|take|delete {title} from|off the|my queue|downloads', 'cancel [the] download of {title}'] },
      { says: ['blocklist [the] download of {title}'], means: { blocklist: true } },
    ],
    example: { title: 'Blade Runner' },
    needs: { queueId: 'get_download_queue' },
    input: ({ kind, queueId, blocklist }) => ({ kind, queueId, blocklist }),
  },
  list_movies: {
    phrases: [
      {
        says: [
          'which|what films|movies do I|we have',
          'list|show [me] [my|our|the|all] films|movies',
          'what is on|in [my|our|the] Radarr|library',
          'list|show [me] [my|our|the|all] films|movies called|named {title}',
        ],
      },
    ],
    example: { title: 'matrix' },
    input: ({ title }) => (title === undefined ? {} : { query: title }),
    answer: (result) => listed(result),
  },
  list_series: {
    phrases: [
      {
        says: [
          'which|what series|shows do I|we have',
          'list|show [me] [my|our|the|all] series|shows',
          'what is on|in [my|our|the] Sonarr',
          'list|show [me] [my|our|the|all] series|shows called|named {title}',
        ],
      },
    ],
    example: { title: 'breaking' },
    input: ({ title }) => (title === undefined ? {} : { query: title }),
    answer: (result) => listed(result),
  },
  get_service_status: {
    phrases: [
      {
        says: [
          'are my|the|our servers|services up|ok|okay|fine|working|running|online',
          'how are my|the|our servers|services',
          'is everything ok|okay|fine|working|up',
          '[server|service] status',
        ],
      },
    ],
    input: () => ({}),
    answer: (result) =>
      objects(result.services)
        .map(({ works, service, version, holds, problem }) =>
          works === true ? `- ${String(service)} ${String(version)} works: ${String(holds)}` : `- ${String(problem)}`,
        )
        .join('\n'),
  },
  search_movies: {
    phrases: [{ says: [...search, ...searchFilm] }],
    input: ({ title }) => ({ query: title }),
    tells: (result, known) => pick(best(result, known), 'tmdbId'),
    answer: found,
  },
  get_movie: {
    phrases: [{ says: about }, { says: last, recalls: 'request_movie' }],
    needs: { tmdbId: 'search_movies' },
    input: ({ tmdbId }) => ({ tmdbId }),
    answer: describe,
  },
  search_movie_again: {
    as: { tool: 'search_again', action: 'movie' },
    phrases: [{ says: again }],
    example: { title: 'Gladiator' },
    needs: { tmdbId: 'search_movies' },
    input: ({ tmdbId }) => ({ tmdbId }),
  },
  search_series: {
    phrases: [{ says: [...search, ...searchSeries] }],
    example: severance,
    input: ({ title }) => ({ query: title }),
    tells: (result, known) => pick(best(result, known), 'tvdbId'),
    answer: found,
  },
  get_series: {
    phrases: [{ says: about }, { says: last, recalls: 'request_series' }],
    example: severance,
    needs: { tvdbId: 'search_series' },
    input: ({ tvdbId }) => ({ tvdbId }),
    tells: (result) => ({
      listed: objects(result.seasons)
        .map(({ seasonNumber }) => Number(seasonNumber))
        .filter((number) => number > 0),
    }),
    answer: describe,
  },
  search_series_again: {
    as: { tool: 'search_again', action: 'series' },
    phrases: [{ says: [...again, 'search again for season|seasons {seasons} of {title}'] }],
    example: { title: 'Breaking Bad' },
    needs: { tvdbId: 'search_series' },
    input: ({ tvdbId, seasons: wanted }) => ({ tvdbId, seasons: wanted }),
  },
  search_seerr: {
    phrases: [
      { says: [...search, ...about, 'search|look for {title} in|on Seerr|Jellyseerr'] },
      { says: searchFilm, means: { kind: 'movie' } },
      { says: searchSeries, means: { kind: 'series' }, example: severance },
    ],
    input: ({ title }) => ({ query: title }),
    tells: (result, known) => pick(best(result, known), 'kind', 'tmdbId'),
    answer: found,
  },
  request_in_seerr: {
    phrases: [
      { says: [...titles, `${get} {title} in|on Seerr|Jellyseerr`] },
      { says: titlesIn4k, means: { is4k: true } },
      { says: films, means: { kind: 'movie' } },
      { says: [...seasons, ...series], means: { kind: 'series' }, example: severance },
      { says: firstSeason, means: { kind: 'series', seasons: [1] }, example: severance },
    ],
    needs: { tmdbId: 'search_seerr' },
    input: ({ kind, tmdbId, seasons: wanted, is4k }) => ({ kind, tmdbId, seasons: wanted, is4k }),
  },
  list_requests: {
    phrases: [
      {
        says: [
          'what did I|we request [in|on] [Seerr|Jellyseerr]',
          'what have I|we requested [in|on] [Seerr|Jellyseerr]',
          '[show|list] [me] my requests',
        ],
      },
      { says: ["[show|list] [me] all|everybody's [the] requests"], means: { everybody: true } },
      { says: last, recalls: 'request_in_seerr' },
    ],
    input: ({ everybody }) => ({ everybody }),
    tells: ({ requests }) => pick(objects(requests)[0] ?? null, 'requestId'),
    answer: listOf('requests', {
      heading: 'Requests in Seerr:',
      nothing: 'There are no requests in Seerr.',
      line: titleLine,
    }),
  },
  remove_request: {
    phrases: [{ says: ['remove|delete|cancel|withdraw my last|latest|newest request'] }],
    needs: { requestId: 'list_requests' },
    input: ({ requestId }) => ({ requestId }),
  },
  list_torrents: {
    phrases: [{ says: ['list|show [me] [my|the|all] torrents', 'which torrents are there'] }],
    input: ({ torrent }) => (torrent === undefined ? {} : { query: torrent }),
    tells: ({ torrents }) => {
      const hashes = objects(torrents).map(({ hash }) => hash);
      return hashes.length === 0 ? null : { torrents: hashes };
    },
    answer: listOf('torrents', {
      heading: 'In qBittorrent:',
      nothing: 'There is no torrent like that.',
      line: ({ name, state }) => `${String(name)}: ${String(state)}`,
    }),
  },
  pause_torrents: {
    as: { tool: 'change_torrents', action: 'pause' },
    phrases: [
      {
        says: [
          'pause|stop everything',
          'pause|stop all [the] [torrents|downloads]',
          'pause|stop the torrents|downloads',
        ],
        means: { torrents: 'all' },
      },
      { says: ['pause|stop [the] {torrent} [torrent|torrents|download]'] },
    ],
    needs: { torrents: 'list_torrents' },
    input: ({ torrents }) => ({ torrents }),
  },
  resume_torrents: {
    as: { tool: 'change_torrents', action: 'resume' },
    phrases: [
      {
        says: [
          'resume|continue|unpause everything',
          'resume|continue|unpause all [the] [torrents|downloads]',
          'resume|continue|unpause the torrents|downloads',
        ],
        means: { torrents: 'all' },
      },
      { says: ['resume|continue|unpause [the] {torrent} [torrent|torrents|download]'] },
    ],
    example: { torrent: 'ubuntu' },
    needs: { torrents: 'list_torrents' },
    input: ({ torrents }) => ({ torrents }),
  },
  search_library: {
    phrases: [{ says: ['is {title} in|on my|our|the library|server', 'is {title} on Jellyfin'] }],
    example: { title: 'Inception' },
    input: ({ title }) => ({ query: title }),
    answer: listOf('titles', {
      heading: 'In the library:',
      nothing: 'It is not in the library.',
      line: nameOf,
    }),
  },
  get_recently_added: {
    as: { tool: 'get_activity', action: 'recently_added' },
    phrases: [{ says: ['what is new [on|in] [Jellyfin|library]', 'what was added recently|lately', 'what came last'] }],
    input: () => ({}),
    answer: listOf('titles', { heading: 'Came last:', nothing: 'There is nothing new.', line: titleLine }),
  },
  get_continue_watching: {
    as: { tool: 'get_activity', action: 'continue_watching' },
    phrases: [{ says: ['what was I watching', 'what can I continue|keep watching'] }],
    input: () => ({}),
    answer: listOf('titles', {
      heading: 'You began:',
      nothing: 'You have finished all that you began.',
      line: titleLine,
    }),
  },
  get_sessions: {
    as: { tool: 'get_activity', action: 'sessions' },
    phrases: [{ says: ['who is watching|streaming [right] [now]', 'what is playing [right] [now]'] }],
    input: () => ({}),
    answer: listOf('sessions', {
      heading: 'Watching now:',
      nothing: 'Nobody is watching now.',
      line: (session) => `${String(session.user ?? 'Somebody')}: ${nameOf(session)}`,
    }),
  },
};

/** Sentences that ask for nothing to be done. */
export const talk: readonly { says: readonly string[]; answer: string; withExamples?: true }[] = [
  {
    says: ['hi|hello|hey|thanks', 'hello again', 'good morning|evening', 'thank you'],
    answer: 'Hello! Tell me what you would like to watch.',
  },
  {
    says: ['help', 'what can|do you do', 'what can I ask|say|do', 'how does this|it work'],
    answer: 'I look after your media servers.',
    withExamples: true,
  },
  {
    says: ['yes|yep|sure|ok|okay', 'do it', 'go ahead|on'],
    answer: 'What changes something waits for your press: use the button on its card above.',
  },
];

function pick(item: Json | null, ...fields: string[]): Known | null {
  return item === null ? null : Object.fromEntries(fields.map((field) => [field, item[field]]));
}

function listed(result: Json): string {
  return listOf('items', {
    heading: `There are ${String(result.total)}:`,
    nothing: 'There is nothing like that in the library.',
    line: titleLine,
  })(result);
}
