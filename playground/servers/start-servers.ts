import { type PlaygroundJellyfin, startJellyfin } from './jellyfin.ts';
import { type PlaygroundJellyseerr, startJellyseerr } from './jellyseerr.ts';
import { type PlaygroundQbittorrent, startQbittorrent } from './qbittorrent.ts';
import { type PlaygroundRadarr, startRadarr } from './radarr.ts';
import { type PlaygroundSonarr, startSonarr } from './sonarr.ts';

export type PlaygroundServers = {
  radarr: PlaygroundRadarr;
  sonarr: PlaygroundSonarr;
  jellyfin: PlaygroundJellyfin;
  jellyseerr: PlaygroundJellyseerr;
  qbittorrent: PlaygroundQbittorrent;
  stop(): Promise<void>;
};

/** The five media servers, each on a free loopback port, with state of its own. */
export async function startServers(): Promise<PlaygroundServers> {
  const [radarr, sonarr, jellyfin] = await Promise.all([startRadarr(), startSonarr(), startJellyfin()]);
  const jellyseerr = await startJellyseerr({
    onApproved: ({ type, tmdbId, seasons }) => (type === 'movie' ? radarr.want(tmdbId) : sonarr.want(tmdbId, seasons)),
    downloads: (type, id) => (type === 'movie' ? radarr.downloadsOf(id) : sonarr.downloadsOf(id)),
  });
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
