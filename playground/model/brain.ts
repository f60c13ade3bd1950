import { isObject, objects, parsed } from '../json.ts';
import { describe, finished, inLibrary, listed, nameOf, queued, statuses, titlesSaid, watched } from './say.ts';
import { type Intent, understand } from './understand.ts';

/** A conversation as the wire has it, reduced to what the brain reads. */
export type Turn = {
  messages: {
    role: string;
    text: string;
    calls: { id: string; name: string; input: Record<string, unknown> }[];
    callId: string | null;
  }[];
  tools: readonly string[];
};
export type Decision = { say: string } | { call: string; input: Record<string, unknown> };

const examples =
  '“get me Dune”, “add Severance season 2”, “what is downloading?”, “which films do we have?” or “are my servers up?”.';
const sorry = `I am only the playground’s small model and did not understand that. Try ${examples}`;

/** The next step of the playground's model: a tool call, or an answer. It acts on the tools it is offered, and on no others. */
export function decide(turn: Turn): Decision {
  const lastUser = turn.messages.findLastIndex((message) => message.role === 'user');
  const intent = understand(turn.messages[lastUser]?.text ?? '');
  const done = turn.messages.slice(lastUser + 1);
  const lastResult = done.findLast((message) => message.role === 'tool');
  if (lastResult === undefined) return offered(turn, firstStep(turn, intent));
  const call = turn.messages
    .flatMap((message) => message.calls)
    .find((candidate) => candidate.id === lastResult.callId);
  return offered(turn, nextStep(intent, call?.name ?? '', parsed(lastResult.text), call?.input ?? {}));
}

function offered(turn: Turn, decision: Decision): Decision {
  if ('say' in decision || turn.tools.includes(decision.call)) return decision;
  const server = serverOf(decision.call);
  return { say: `${server} isn’t set up for you, so I can’t do that yet. \`/services configure\` adds it.` };
}

function serverOf(tool: string): string {
  if (/torrent/.test(tool)) return 'qBittorrent';
  if (/watching|sessions/.test(tool)) return 'Jellyfin';
  if (/seerr|requests?$/.test(tool) && !/movie|series/.test(tool)) return 'Seerr';
  if (/movie/.test(tool)) return 'Radarr';
  return /series/.test(tool) ? 'Sonarr' : 'No media server';
}

function firstStep(turn: Turn, intent: Intent): Decision {
  switch (intent.kind) {
    case 'status':
      return { call: 'get_service_status', input: {} };
    case 'queue':
      return { call: 'get_download_queue', input: {} };
    case 'list':
      return {
        call: intent.of === 'movies' ? 'list_movies' : 'list_series',
        input: intent.query === undefined ? {} : { query: intent.query },
      };
    case 'torrents':
      if (intent.query === undefined) return { call: `${intent.change}_torrents`, input: { torrents: 'all' } };
      return { call: 'list_torrents', input: { query: intent.query } };
    case 'recently-added':
      return { call: 'get_recently_added', input: {} };
    case 'continue-watching':
      return { call: 'get_continue_watching', input: {} };
    case 'sessions':
      return { call: 'get_sessions', input: {} };
    case 'library':
      return { call: 'search_library', input: { query: intent.title } };
    case 'requests':
      return { call: 'list_requests', input: intent.everybody ? { everybody: true } : {} };
    case 'remove-request':
      return { call: 'list_requests', input: {} };
    case 'about-last':
      return lastRequested(turn);
    case 'greeting':
      return { say: 'Hello! Tell me what you would like to watch.' };
    case 'help':
      return { say: `I look after your media servers. Try ${examples}` };
    case 'consent':
      return { say: 'What changes something waits for your press: use the button on its card above.' };
    case 'unknown':
      return { say: sorry };
    default: {
      const wantsSeries = intent.of === 'series' || (intent.of === 'unknown' && !turn.tools.includes('search_movies'));
      if (goesToSeerr(turn, intent)) return { call: 'search_seerr', input: { query: intent.title } };
      return { call: wantsSeries ? 'search_series' : 'search_movies', input: { query: intent.title } };
    }
  }
}

/** With Seerr alone everything does; beside Radarr and Sonarr what is requested, when the instructions say so. */
function goesToSeerr(turn: Turn, intent: Intent): boolean {
  if (!turn.tools.includes('search_seerr')) return false;
  if (!turn.tools.includes('search_movies') && !turn.tools.includes('search_series')) return true;
  const isTold = turn.messages.some(
    ({ role, text }) => (role === 'system' || role === 'developer') && text.includes('Request titles in Seerr'),
  );
  return isTold && intent.kind === 'request';
}

function lastRequested(turn: Turn): Decision {
  const requests = turn.messages.flatMap((message) => message.calls).filter((call) => call.name.startsWith('request_'));
  const last = requests.at(-1);
  if (last === undefined) return { say: 'You have not requested anything in this conversation yet.' };
  if (last.name === 'request_in_seerr') return { call: 'list_requests', input: {} };
  return last.name === 'request_movie'
    ? { call: 'get_movie', input: { tmdbId: last.input.tmdbId } }
    : { call: 'get_series', input: { tvdbId: last.input.tvdbId } };
}

function nextStep(intent: Intent, tool: string, result: unknown, input: Record<string, unknown>): Decision {
  if (!isObject(result)) return { say: `That did not work: ${String(result)}` };
  if (typeof result.problem === 'string') return { say: result.problem };
  if (typeof result.waiting === 'string') return { say: 'The card above is waiting for your press.' };
  if (typeof result.denied === 'string') return { say: 'All right, I leave it. Nothing was done.' };
  switch (tool) {
    case 'search_movies':
    case 'search_series':
      return afterSearch(intent, tool, result, input);
    case 'search_seerr':
      return afterSeerrSearch(intent, result);
    case 'get_movie':
    case 'get_series':
      return intent.kind === 'request' ? requestSeries(intent, result) : { say: describe(result) };
    case 'list_movies':
    case 'list_series':
      return { say: listed(result) };
    case 'get_download_queue':
      return { say: queued(result) };
    case 'get_service_status':
      return { say: statuses(result) };
    case 'list_torrents':
      return afterTorrents(intent, result);
    case 'get_recently_added':
      return { say: titlesSaid('Came last:', 'There is nothing new.', result) };
    case 'get_continue_watching':
      return { say: titlesSaid('You began:', 'You have finished all that you began.', result) };
    case 'get_sessions':
      return { say: watched(result) };
    case 'list_requests':
      return afterRequests(intent, result);
    case 'search_library':
      return { say: inLibrary(result) };
    default:
      return { say: finished(result) };
  }
}

function afterSearch(
  intent: Intent,
  tool: string,
  result: Record<string, unknown>,
  input: Record<string, unknown>,
): Decision {
  const found = objects(result.results);
  const wanted = 'year' in intent ? found.find((item) => item.year === intent.year) : undefined;
  const best = wanted ?? found[0];
  if (best === undefined) {
    const mayBeSeries = tool === 'search_movies' && 'of' in intent && intent.of === 'unknown';
    return mayBeSeries ? { call: 'search_series', input } : { say: `I found nothing called “${String(input.query)}”.` };
  }
  if (intent.kind === 'search')
    return {
      say: `I found: ${found
        .slice(0, 5)
        .map((item) => `${nameOf(item)} – ${String(item.status)}`)
        .join('; ')}.`,
    };
  const isMovie = tool === 'search_movies';
  if (intent.kind === 'request' && isMovie) return { call: 'request_movie', input: { tmdbId: best.tmdbId } };
  return isMovie
    ? { call: 'get_movie', input: { tmdbId: best.tmdbId } }
    : { call: 'get_series', input: { tvdbId: best.tvdbId } };
}

function afterSeerrSearch(intent: Intent, result: Record<string, unknown>): Decision {
  const kind = 'of' in intent && intent.of !== 'unknown' ? intent.of : undefined;
  const found = objects(result.results).filter((item) => kind === undefined || item.kind === kind);
  const wanted = 'year' in intent ? found.find((item) => item.year === intent.year) : undefined;
  const best = wanted ?? found[0];
  if (best === undefined) return { say: 'Seerr found nothing by that name.' };
  if (intent.kind !== 'request')
    return { say: `I found: ${found.map((item) => `${nameOf(item)} – ${String(item.status)}`).join('; ')}.` };
  const seasons = Array.isArray(intent.seasons) ? { seasons: intent.seasons } : {};
  const in4k = intent.is4k === true ? { is4k: true } : {};
  return { call: 'request_in_seerr', input: { kind: best.kind, tmdbId: best.tmdbId, ...seasons, ...in4k } };
}

function requestSeries(
  intent: Extract<Intent, { of: 'movie' | 'series' | 'unknown' }>,
  series: Record<string, unknown>,
): Decision {
  const numbers = objects(series.seasons)
    .map((season) => Number(season.seasonNumber))
    .filter((number) => number > 0);
  const seasons = Array.isArray(intent.seasons) ? intent.seasons : numbers;
  return { call: 'request_series', input: { tvdbId: series.tvdbId, seasons } };
}

function afterTorrents(intent: Intent, result: Record<string, unknown>): Decision {
  const found = objects(result.torrents);
  if (found.length === 0) return { say: 'There is no torrent like that.' };
  if (intent.kind !== 'torrents')
    return { say: found.map((item) => `- ${String(item.name)}: ${String(item.state)}`).join('\n') };
  return { call: `${intent.change}_torrents`, input: { torrents: found.map(({ hash }) => hash) } };
}

function afterRequests(intent: Intent, result: Record<string, unknown>): Decision {
  const found = objects(result.requests);
  const [newest] = found;
  if (newest === undefined) return { say: 'There are no requests in Seerr.' };
  if (intent.kind === 'remove-request') return { call: 'remove_request', input: { requestId: newest.requestId } };
  const lines = found.map((item) => `- ${nameOf(item)}: ${String(item.state).replaceAll('_', ' ')}`);
  return { say: `Requests in Seerr:\n${lines.join('\n')}` };
}
