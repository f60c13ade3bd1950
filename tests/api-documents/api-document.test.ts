import { describe, expect, it } from 'vitest';
import type { Exchange } from '../../playground/exchanges.ts';
import { ApiDocument } from './api-document.ts';
import { documentsAreThere } from './read-document.ts';

const exchange = (given: Partial<Exchange> & Pick<Exchange, 'path'>): Exchange => ({
  server: 'radarr',
  method: 'GET',
  query: new URLSearchParams(),
  body: '',
  status: 200,
  reply: [],
  ...given,
});

// The reason of a skip is printed by tests/global-setup.ts.
describe.skipIf(!documentsAreThere)('an official API document', () => {
  const radarr = documentsAreThere ? new ApiDocument('radarr-openapi.json', { likeOk: [201] }) : null;
  const seerr = documentsAreThere ? new ApiDocument('seerr-api.yml', { prefix: '/api/v1' }) : null;
  const discord = documentsAreThere ? new ApiDocument('discord-openapi.json') : null;
  const jellyfin = documentsAreThere ? new ApiDocument('jellyfin-12.0.0-openapi.json') : null;

  it('passes what it describes', () => {
    const movie = { title: 'Dune', tmdbId: 1, year: 2021, overview: null, qualityProfileId: 1 };
    expect(radarr?.mismatches(exchange({ path: '/api/v3/movie', reply: [movie] }))).toEqual([]);
    const added = { path: '/api/v3/movie', method: 'POST', body: movie, status: 201, reply: { ...movie, id: 1 } };
    expect(radarr?.mismatches(exchange(added))).toEqual([]);
    const lookup = { path: '/api/v3/movie/lookup', query: new URLSearchParams({ term: 'dune' }) };
    expect(radarr?.mismatches(exchange(lookup))).toEqual([]);
  });

  it('names a field that a request or a reply should not have, or has of another kind', () => {
    const wrong = { path: '/api/v3/movie', method: 'POST', status: 201, body: { tilte: 'Dune' }, reply: { id: 'one' } };
    expect(radarr?.mismatches(exchange(wrong))).toEqual([
      'radarr-openapi.json: POST /api/v3/movie (201): the body at / must NOT have additional properties ("tilte")',
      'radarr-openapi.json: POST /api/v3/movie (201): the reply at /id must be integer',
    ]);
    const isNull = radarr?.mismatches(exchange({ path: '/api/v3/movie', reply: [{ title: null, id: null }] }));
    expect(isNull).toEqual(['radarr-openapi.json: GET /api/v3/movie (200): the reply at /0/id must be integer']);
  });

  it('names an operation, a query and a status that it does not have', () => {
    expect(radarr?.mismatches(exchange({ path: '/api/v3/film' }))).toHaveLength(1);
    expect(radarr?.mismatches(exchange({ path: '/api/v3/film', status: 404 }))).toEqual([]);
    expect(radarr?.mismatches(exchange({ path: '/api/v3/movie', method: 'PATCH' }))).toHaveLength(1);
    expect(radarr?.mismatches(exchange({ path: '/api/v3/movie', query: new URLSearchParams('tmdb=1') }))).toEqual([
      expect.stringContaining('the query has "tmdb"'),
    ]);
    expect(
      radarr?.mismatches(exchange({ path: '/api/v3/movie', query: new URLSearchParams('tmdbId=x') })),
    ).toHaveLength(1);
    expect(radarr?.mismatches(exchange({ path: '/api/v3/movie', query: new URLSearchParams('tmdbId=1') }))).toEqual([]);
    expect(radarr?.mismatches(exchange({ path: '/api/v3/movie', status: 206 }))).toEqual([
      expect.stringContaining('this status is not documented'),
    ]);
  });

  it('wants what is required, in query and body', () => {
    expect(seerr?.mismatches(exchange({ path: '/api/v1/search', reply: {} }))).toEqual([
      expect.stringContaining('the query lacks "query"'),
    ]);
    const empty = exchange({ path: '/api/v1/request', method: 'POST', status: 201, body: {}, reply: { id: 1 } });
    expect(seerr?.mismatches(empty).join()).toMatch(/must have required property 'media(Type|Id)'/);
  });

  it('tells of a choice of shapes only what the claimed shape lacks', () => {
    const sent = { components: [{ type: 1, components: [{ type: 2, style: 1, label: 7, custom_id: 'a' }] }] };
    const faults = discord?.mismatches(
      exchange({ server: 'discord', path: '/channels/1/messages', method: 'POST', body: sent, status: 200, reply: {} }),
    );
    expect(faults?.filter((fault) => fault.includes('the body')).join()).toMatch(/label must be string/);
    expect(faults?.filter((fault) => fault.includes('the body')).join()).not.toMatch(/options/);
  });

  it('knows Jellyfin’s ids without dashes and its paths in any case', () => {
    const user = { Id: 'a'.repeat(32), Name: 'Ada' };
    expect(jellyfin?.mismatches(exchange({ path: '/users', reply: [user] }))).toEqual([]);
    expect(jellyfin?.mismatches(exchange({ path: '/Users', reply: [{ ...user, Id: 'ada' }] }))).toHaveLength(1);
  });
});
