import type { Download } from '../servers/arr.ts';
import type { Fault } from '../servers/faults.ts';
import { findFilm, findShow, requestStatus } from '../servers/jellyseerr-media.ts';
import type { PlaygroundServers } from '../servers/start-servers.ts';
import type { FaultSwitch, Line, ServerView } from './protocol.ts';

export type ServerId = keyof Omit<PlaygroundServers, 'stop'>;

const mostRequests = 20;

export const serverNames: Record<ServerId, string> = {
  radarr: 'Radarr',
  sonarr: 'Sonarr',
  jellyfin: 'Jellyfin',
  jellyseerr: 'Seerr',
  qbittorrent: 'qBittorrent',
};

/** The faults that can be switched on, on every server alike. */
export const faults: Record<string, { label: string; fault: Fault }> = {
  hang: { label: 'hangs', fault: { kind: 'hang' } },
  slow: { label: 'takes 2 seconds', fault: { kind: 'delay', ms: 2000 } },
  refused: { label: 'says 401: the key is wrong', fault: { kind: 'status', status: 401 } },
  broken: { label: 'says 500', fault: { kind: 'status', status: 500 } },
  reset: { label: 'resets the connection', fault: { kind: 'reset' } },
  lost: { label: 'acts, but its answer is lost', fault: { kind: 'reset-after-effect' } },
  html: { label: 'answers with a log-in page', fault: { kind: 'html' } },
  cut: { label: 'answers half', fault: { kind: 'cut-json' } },
};

const switches: FaultSwitch[] = Object.entries(faults).map(([id, { label }]) => ({ id, label }));

/** Every server as the page shows it: what to type in, what it holds, what is wrong with it. */
export function serverViews(servers: PlaygroundServers, on: ReadonlyMap<string, string>): ServerView[] {
  const groups: Record<ServerId, ServerView['groups']> = {
    radarr: radarrGroups(servers.radarr),
    sonarr: sonarrGroups(servers.sonarr),
    jellyfin: jellyfinGroups(servers.jellyfin),
    jellyseerr: seerrGroups(servers.jellyseerr),
    qbittorrent: [{ title: 'Torrents', lines: servers.qbittorrent.state.torrents.map(torrentLine) }],
  };
  const ids: ServerId[] = ['radarr', 'sonarr', 'jellyfin', 'jellyseerr', 'qbittorrent'];
  return ids.map((id) => ({
    id,
    name: serverNames[id],
    credentials: Object.entries(credentialsOf(servers, id)).map(([name, value]) => ({
      label: name === 'secret' && 'password' in servers[id] ? 'Password' : (labels[name] ?? name),
      value,
      isSecret: name === 'secret',
    })),
    groups: groups[id],
    faults: switches,
    fault: on.get(id) ?? null,
  }));
}

const labels: Record<string, string> = { address: 'Address', username: 'User name', secret: 'API key' };

/** What a person types into the form of a server, by the form's fields. */
export function credentialsOf(servers: PlaygroundServers, id: ServerId): Record<string, string> {
  const server = servers[id];
  return 'password' in server
    ? { address: server.url, username: server.username, secret: server.password }
    : { address: server.url, secret: server.apiKey };
}

function radarrGroups({ state }: PlaygroundServers['radarr']): ServerView['groups'] {
  const titleOf = (tmdbId: number) => {
    const film = state.catalogue.find((candidate) => candidate.tmdbId === tmdbId);
    return film === undefined ? `TMDB ${tmdbId}` : `${film.title} (${film.year})`;
  };
  const films = state.library.map((film) => ({
    title: titleOf(film.tmdbId),
    note: film.hasFile ? 'there' : film.monitored ? 'wanted' : 'not wanted',
  }));
  return [
    { title: 'Queue', lines: state.downloads.map(downloadLine) },
    { title: 'Films', lines: films.reverse() },
    ...orders(state.commands),
  ];
}

function sonarrGroups({ state }: PlaygroundServers['sonarr']): ServerView['groups'] {
  const series = state.library.map((row) => {
    const show = state.catalogue.find((candidate) => candidate.tvdbId === row.tvdbId);
    const episodes = [...row.files.values()].reduce((sum, count) => sum + count, 0);
    const seasons = [...row.monitoredSeasons].sort((a, b) => a - b);
    return {
      title: show?.title ?? `TVDB ${row.tvdbId}`,
      note: `${seasonWords(seasons)} wanted; ${episodes} ${episodes === 1 ? 'episode' : 'episodes'}`,
    };
  });
  return [
    { title: 'Queue', lines: state.downloads.map(downloadLine) },
    { title: 'Series', lines: series.reverse() },
    ...orders(state.commands),
  ];
}

function seasonWords(seasons: readonly number[]): string {
  if (seasons.length === 0) return 'no season';
  return `${seasons.length === 1 ? 'season' : 'seasons'} ${seasons.join(', ')}`;
}

/** Searches that were asked for and begin with the clock's next step. */
function orders(commands: readonly { name: string }[]): ServerView['groups'] {
  if (commands.length === 0) return [];
  return [
    { title: 'Orders', lines: commands.map(({ name }) => ({ title: name, note: 'begins when the clock moves' })) },
  ];
}

function jellyfinGroups({ state }: PlaygroundServers['jellyfin']): ServerView['groups'] {
  const playing = state.sessions.flatMap(({ UserName, DeviceName, NowPlayingItem }) =>
    NowPlayingItem === undefined ? [] : [{ title: NowPlayingItem.Name, note: `${UserName}, ${DeviceName}` }],
  );
  return [
    { title: 'Playing', lines: playing },
    { title: 'Users', lines: state.users.map(({ Name }) => ({ title: Name, note: '' })) },
    { title: 'Library', lines: [{ title: `${state.items.length} items`, note: '' }] },
  ];
}

const requestWords = new Map(Object.entries(requestStatus).map(([words, status]) => [status, words]));

/** The newest requests; those that wait can be decided. */
function seerrGroups({ state }: PlaygroundServers['jellyseerr']): ServerView['groups'] {
  const lines = state.requests.toReversed().map(({ id, type, tmdbId, seasons, status, requestedBy }) => {
    const title = (type === 'movie' ? findFilm(tmdbId) : findShow(tmdbId))?.title ?? `TMDB ${tmdbId}`;
    const user = state.users.find((one) => one.id === requestedBy)?.username ?? 'Deleted';
    const which = seasons.length === 0 ? '' : `, season ${seasons.join(', ')}`;
    const note = `${user}: ${status === requestStatus.pending ? 'waits' : requestWords.get(status)}`;
    return { title: `${title}${which}`, note, ...(status === requestStatus.pending ? { requestId: id } : {}) };
  });
  return [{ title: 'Requests', lines: lines.slice(0, mostRequests) }];
}

function downloadLine(download: Download): Line {
  const percent = Math.round((1 - download.left / download.size) * 100);
  const state = download.stuck ?? (download.paused === true ? 'paused' : download.left === 0 ? 'waits for import' : '');
  return { title: download.title, note: `${percent} % ${state}`.trim(), percent };
}

function torrentLine({ name, state, progress }: { name: string; state: string; progress: number }): Line {
  const percent = Math.round(progress * 100);
  return { title: name, note: `${percent} % ${state}`, percent };
}
