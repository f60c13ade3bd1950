import { type PlaygroundJellyfin, startJellyfin } from './jellyfin.ts';
import { type PlaygroundJellyseerr, startJellyseerr } from './jellyseerr.ts';
import { type PlaygroundQbittorrent, startQbittorrent } from './qbittorrent.ts';
import { type PlaygroundRadarr, startRadarr } from './radarr.ts';
import { shows } from './shows.ts';
import { type PlaygroundSonarr, startSonarr } from './sonarr.ts';

export type PlaygroundServers = {
  radarr: PlaygroundRadarr;
  sonarr: PlaygroundSonarr;
  jellyfin: PlaygroundJellyfin;
  jellyseerr: PlaygroundJellyseerr;
  qbittorrent: PlaygroundQbittorrent;
  stop(): Promise<void>;
};

/**
 * The five media servers, each on a free loopback port, with state of its own. `seerrManager` is somebody besides Seerr's owner
 * who has an account there, and whose requests are approved at once.
 */
export async function startServers(seerrManager: string | null = null): Promise<PlaygroundServers> {
  const [radarr, sonarr, jellyfin] = await Promise.all([startRadarr(), startSonarr(), startJellyfin()]);
  const jellyseerr = await startJellyseerr({
    onApproved: ({ type, tmdbId, seasons }) => (type === 'movie' ? radarr.want(tmdbId) : sonarr.want(tmdbId, seasons)),
    downloads: (type, id) => (type === 'movie' ? radarr.downloadsOf(id) : sonarr.downloadsOf(id)),
    isThere: ({ type, tmdbId, seasons }) =>
      type === 'movie' ? hasFilm(radarr, tmdbId) : seasons.every((season) => hasSeason(sonarr, tmdbId, season)),
  });
  if (seerrManager !== null)
    jellyseerr.state.users.push({ id: 3, username: seerrManager, manages: true, filmsLeft: null });
  const downloads = () => [...radarr.state.downloads, ...sonarr.state.downloads];
  const qbittorrent = await startQbittorrent({ downloads });
  const all = [radarr, sonarr, jellyfin, jellyseerr, qbittorrent];
  return {
    radarr,
    sonarr,
    jellyfin,
    jellyseerr,
    qbittorrent,
    stop: async () => {
      await Promise.all(all.map((server) => server.stop()));
    },
  };
}

function hasFilm({ state }: PlaygroundRadarr, tmdbId: number): boolean {
  return state.library.some((film) => film.tmdbId === tmdbId && film.hasFile);
}

function hasSeason({ state }: PlaygroundSonarr, tvdbId: number, season: number): boolean {
  const episodes = shows.find((show) => show.tvdbId === tvdbId)?.episodes[season] ?? 0;
  const files = state.library.find((row) => row.tvdbId === tvdbId)?.files.get(season) ?? 0;
  return episodes > 0 && files >= episodes;
}
