import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startQbittorrent } from '../../playground/servers/qbittorrent.ts';
import { type PlaygroundServers, startServers } from '../../playground/servers/start-servers.ts';
import { serviceDefinitions, serviceNames } from '../../src/services/registry.ts';
import { connectionTo, settings } from './loopback-server.ts';

/** The clients against the playground's servers, which keep state and refuse as the real ones do. */
let servers: PlaygroundServers;
const http = { ...settings, timeoutMs: 1000, maxResponseBytes: 1_000_000 };
const { radarr, sonarr, jellyfin } = serviceDefinitions;

beforeAll(async () => {
  servers = await startServers();
});
afterAll(() => servers.stop());
beforeEach(() => {
  for (const name of serviceNames) servers[name].faults.clear();
});

function connection(name: (typeof serviceNames)[number]) {
  const server = servers[name];
  const secret = 'apiKey' in server ? server.apiKey : server.password;
  return connectionTo(server.url, { secret, username: 'username' in server ? server.username : null, http });
}
const openRadarr = () => radarr.open(connection('radarr'));
const openSonarr = () => sonarr.open(connection('sonarr'));

describe('the playground', () => {
  it('passes every check, and every other service’s check names it', async () => {
    for (const name of serviceNames) {
      const check = await serviceDefinitions[name].open(connection(name)).check();
      expect(check.version).toMatch(/\d+\.\d+/);
      expect(check.holds).toMatch(/\d/);
      for (const other of serviceNames.filter((candidate) => candidate !== name)) {
        const wrong = serviceDefinitions[other].open({ ...connection(name), secret: 'another-key' }).check();
        await expect(wrong).rejects.toMatchObject({ failure: 'wrong_service', detail: serviceDefinitions[name].label });
      }
      const wrongKey = serviceDefinitions[name].open({ ...connection(name), secret: 'another-key' }).check();
      await expect(wrongKey).rejects.toMatchObject({ failure: 'unauthorized' });
    }
  });

  it('has both qBittorrents', async () => {
    const four = await startQbittorrent({ version: 4 });
    const client = serviceDefinitions.qbittorrent.open(
      connectionTo(four.url, { secret: four.password, username: four.username, http }),
    );
    expect((await client.check()).version).toBe('4.5.2');
    await four.stop();
  });

  it('lets Jellyfin’s people be chosen', async () => {
    const users = await jellyfin.open(connection('jellyfin')).users();
    expect(users.map((user) => user.name)).toEqual(['Ada', 'Grace', 'Living room']);
  });

  it('takes a film from the look-up to the library, once', async () => {
    const client = openRadarr();
    const absent = (await client.lookup('dune')).find((film) => film.status.state === 'absent');
    if (absent === undefined) throw new Error('the catalogue has no other Dune');
    const [profile] = await client.qualityProfiles();
    const [folder] = await client.rootFolders();
    const film = {
      tmdbId: absent.tmdbId,
      qualityProfileId: profile?.id ?? 0,
      rootFolderPath: folder?.path ?? '',
      minimumAvailability: 'released' as const,
    };
    const added = await client.add(film);
    expect(added).toMatchObject({ tmdbId: absent.tmdbId, status: { state: 'monitored' } });
    expect(await client.find(absent.tmdbId)).toEqual(added);
    expect((await client.library()).map(({ tmdbId }) => tmdbId)).toContain(absent.tmdbId);
    await expect(client.add(film)).rejects.toMatchObject({ failure: 'conflict' });
    await expect(client.add({ ...film, tmdbId: 1 })).rejects.toMatchObject({ failure: 'rejected' });
    await client.search(added.libraryId ?? 0);
    expect(servers.radarr.state.commands.at(-1)).toMatchObject({ name: 'MoviesSearch', movieIds: [added.libraryId] });
  });

  it('cannot tell whether a film was added when the connection broke after it, and is asked once', async () => {
    const client = openRadarr();
    const absent = (await client.lookup('the')).find((film) => film.status.state === 'absent');
    if (absent === undefined) throw new Error('the catalogue has no film left');
    servers.radarr.faults.next({ kind: 'reset-after-effect' }, { match: /^POST/ });
    const add = client.add({
      tmdbId: absent.tmdbId,
      qualityProfileId: 1,
      rootFolderPath: servers.radarr.state.rootFolders[0]?.path ?? '',
      minimumAvailability: 'released',
    });
    await expect(add).rejects.toMatchObject({ failure: 'connection_lost', sent: 'maybe' });
    expect((await client.find(absent.tmdbId))?.libraryId).not.toBeNull();
  });

  it('adds seasons to a series and a series with seasons', async () => {
    const client = openSonarr();
    const there = (await client.library()).find((series) => series.seasons.some((season) => !season.monitored));
    const missing = there?.seasons.find((season) => !season.monitored && season.seasonNumber > 0)?.seasonNumber ?? -1;
    const wanted = { libraryId: there?.libraryId ?? 0, seasons: [missing] };
    const changed = await client.monitorSeasons({ ...wanted, monitorNew: false });
    await client.searchSeasons(wanted);
    expect(changed.seasons.find((season) => season.seasonNumber === missing)?.monitored).toBe(true);
    expect(servers.sonarr.state.commands.at(-1)).toMatchObject({ name: 'SeasonSearch', seasonNumber: missing });

    const absent = servers.sonarr.state.catalogue.find(
      (show) => !servers.sonarr.state.library.some((row) => row.tvdbId === show.tvdbId),
    );
    const found = await client.find(absent?.tvdbId ?? 0);
    expect(found?.status.state).toBe('absent');
    const added = await client.add({
      tvdbId: absent?.tvdbId ?? 0,
      qualityProfileId: 1,
      rootFolderPath: '/series',
      seasons: [1],
      monitorNew: true,
    });
    expect(added.seasons.filter((season) => season.monitored).map((season) => season.seasonNumber)).toEqual([1]);
  });

  it('shows its queue, and what a film’s download is at', async () => {
    const client = openRadarr();
    const [first] = await client.queue();
    expect(first?.percent).toBeCloseTo(43);
    const film = (await client.library()).find(({ libraryId }) => libraryId === first?.libraryId);
    expect((await client.find(film?.tmdbId ?? 0))?.status).toMatchObject({ state: 'downloading' });
    expect(await openSonarr().queue()).toEqual([]);
  });

  it('takes faults', async () => {
    const cases = [
      [{ kind: 'hang' }, 'timed_out'],
      [{ kind: 'reset' }, 'connection_lost'],
      [{ kind: 'html' }, 'not_json'],
      [{ kind: 'wrong-content-type' }, 'not_json'],
      [{ kind: 'cut-json' }, 'not_json'],
      [{ kind: 'huge', bytes: 2_000_000 }, 'too_large'],
      [{ kind: 'redirect', to: 'https://sso.example.com/' }, 'redirected'],
      [{ kind: 'status', status: 503 }, 'server_error'],
    ] as const;
    for (const [fault, failure] of cases) {
      servers.radarr.faults.next(fault);
      await expect(openRadarr().library()).rejects.toMatchObject({ failure });
    }
    servers.radarr.faults.next({ kind: 'nulls' });
    expect((await openRadarr().library())[0]).toMatchObject({ title: 'Untitled', year: null, rating: null });
  });
});
