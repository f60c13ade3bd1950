import { expect, it } from 'vitest';
import { ServiceError } from '../../src/errors.ts';
import { type Message, speak } from '../../src/messages.ts';
import { describeFailure, failureMessages } from '../../src/services/describe-failure.ts';
import { addressMessages, normaliseAddress } from '../../src/services/normalise-address.ts';
import { qbittorrentWords } from '../../src/services/qbittorrent/words.ts';
import { openRadarr } from '../../src/services/radarr/client.ts';
import { radarrWords } from '../../src/services/radarr/words.ts';
import { serviceDefinitions } from '../../src/services/registry.ts';
import { namelessMessages } from '../../src/services/titles.ts';
import { connectionTo, startRoutes } from './loopback-server.ts';

const german = (...texts: [Pick<Message, 'id'>, string][]) => {
  const known = new Map(texts.map(([{ id }, text]) => [id, text]));
  return speak('de', (id) => known.get(id));
};

it('names what a server leaves without a name, and what it holds, in the language of whoever acts', async () => {
  await using server = await startRoutes({
    'GET /api/v3/system/status': () => ({ appName: 'Radarr' }),
    'GET /api/v3/movie': () => [{ tmdbId: 1 }, { tmdbId: 2 }],
    'GET /api/v3/queue': () => ({ totalRecords: 1, records: [{}] }),
    'GET /api/v3/qualityprofile': () => [{ id: 4 }],
  });
  const say = german(
    [namelessMessages.title, 'Ohne Titel'],
    [namelessMessages.download, 'Unbekannt'],
    [namelessMessages.profile, 'Profil Nr. {id}'],
    [namelessMessages.version, 'unbekannt'],
    [radarrWords.holds, '{count, plural, one {ein Film} other {# Filme}}, {waiting} in der Warteschlange'],
  );
  const radarr = openRadarr(connectionTo(server.url, { say }));
  expect(await radarr.check()).toEqual({ version: 'unbekannt', holds: '2 Filme, 1 in der Warteschlange' });
  expect((await radarr.library()).map(({ title }) => title)).toEqual(['Ohne Titel', 'Ohne Titel']);
  expect((await radarr.queue()).map(({ title }) => title)).toEqual(['Unbekannt']);
  expect(await radarr.qualityProfiles()).toEqual([{ id: 4, name: 'Profil Nr. 4' }]);
});

it('says a failure in the language of whoever reads it, with the server’s own words as they came', () => {
  const say = german(
    [failureMessages.rejected_told, '{label} lehnt ab: {itsWords}'],
    [failureMessages.rejected_next, 'Ändern Sie die Anfrage.'],
    [radarrWords.noSuchTitle, '{label} kennt keinen solchen Film.'],
    [qbittorrentWords.portRefused, 'qBittorrent lehnt den Port {detail} ab.'],
    [qbittorrentWords.samePort, 'Nehmen Sie denselben Port.'],
  );
  const told = (service: 'radarr' | 'qbittorrent', error: Partial<ServiceError> & Pick<ServiceError, 'failure'>) =>
    describeFailure(new ServiceError({ service, sent: 'answered', ...error }), serviceDefinitions[service], say);
  const nextStep = 'Ändern Sie die Anfrage.';
  expect(told('radarr', { failure: 'rejected', detail: "It's {no} <good>" })).toEqual({
    what: "Radarr lehnt ab: It's {no} <good>.",
    nextStep,
  });
  expect(told('radarr', { failure: 'rejected', explained: radarrWords.noSuchTitle })).toEqual({
    what: 'Radarr kennt keinen solchen Film.',
    nextStep,
  });
  expect(told('qbittorrent', { failure: 'address_refused', detail: '18080' })).toEqual({
    what: 'qBittorrent lehnt den Port 18080 ab.',
    nextStep: 'Nehmen Sie denselben Port.',
  });
});

it('says why a typed address is none in the language of whoever typed it', () => {
  const refused = normaliseAddress('http://..', serviceDefinitions.radarr);
  const say = german([addressMessages.notOne, 'Das ist keine Adresse, wie etwa http://nas:{port}.']);
  expect(refused.ok ? null : refused.reason(say)).toBe('Das ist keine Adresse, wie etwa http://nas:7878.');
});
