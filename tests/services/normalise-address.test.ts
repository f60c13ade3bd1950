import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sayInEnglish } from '../../src/messages.ts';
import { normaliseAddress } from '../../src/services/normalise-address.ts';
import { serviceDefinitions, serviceNames } from '../../src/services/registry.ts';

const { radarr, sonarr, jellyfin, jellyseerr, qbittorrent } = serviceDefinitions;

describe('a typed address', () => {
  it.each([
    ['http://192.168.1.20:7878', 'http://192.168.1.20:7878'],
    ['http://192.168.1.20:7878/', 'http://192.168.1.20:7878'],
    ['  192.168.1.20:7878 ', 'http://192.168.1.20:7878'],
    ['192.168.1.20', 'http://192.168.1.20:7878'],
    ['radarr', 'http://radarr:7878'],
    ['nas.local/radarr/', 'http://nas.local:7878/radarr'],
    ['localhost:7878', 'http://localhost:7878'],
    ['nas:80', 'http://nas'],
    ['http://nas', 'http://nas'],
    ['movies.example.com', 'https://movies.example.com'],
    ['movies.example.com:443/radarr', 'https://movies.example.com/radarr'],
    ['movies.example.com:7878', 'http://movies.example.com:7878'],
    ['HTTPS://Movies.Example.com/Radarr', 'https://movies.example.com/Radarr'],
    ['http://nas:7878/radarr/api/v3', 'http://nas:7878/radarr'],
    ['http://nas:7878/api/v3/system/status?apikey=abc', 'http://nas:7878'],
    ['http://nas:7878/settings/general#top', 'http://nas:7878'],
    ['http://nas:7878/radarr/movie/438631', 'http://nas:7878/radarr'],
    ['http://nas:7878/radarr/add/new?term=dune', 'http://nas:7878/radarr'],
    ['http://nas:7878/login?returnUrl=%2F', 'http://nas:7878'],
    ['::1', 'http://[::1]:7878'],
    ['[fd12::20]:7878', 'http://[fd12::20]:7878'],
    ['http://[fd12::20]:7878/radarr', 'http://[fd12::20]:7878/radarr'],
  ])('%s becomes %s', (typed, baseUrl) => {
    expect(normaliseAddress(typed, radarr)).toEqual({ ok: true, baseUrl });
  });

  it('loses the pages of its own service', () => {
    const cases = [
      [sonarr, 'http://nas:8989/sonarr/series/severance', 'http://nas:8989/sonarr'],
      [jellyfin, 'http://nas:8096/web/index.html#!/home.html', 'http://nas:8096'],
      [jellyfin, 'http://nas:8096/jellyfin/web/#/dashboard', 'http://nas:8096/jellyfin'],
      [jellyseerr, 'http://nas:5055/api/v1/', 'http://nas:5055'],
      [jellyseerr, 'http://nas:5055/settings/main', 'http://nas:5055'],
      [qbittorrent, 'nas/api/v2/app/version', 'http://nas:8080'],
    ] as const;
    for (const [definition, typed, baseUrl] of cases)
      expect(normaliseAddress(typed, definition)).toEqual({ ok: true, baseUrl });
  });

  it.each([
    ['', /Type Radarr’s address/],
    ['   ', /Type Radarr’s address/],
    ['http://ada:secret@nas:7878', /user name and password/],
    ['ada@nas', /user name and password/],
    ['ftp://nas', /http:\/\/ or https:\/\//],
    ['file:///etc/passwd', /http:\/\/ or https:\/\//],
    ['http:/nas', /two slashes/],
    ['http://na s', /no spaces/],
    ['http://nas\u0000', /no spaces/],
    ['http://', /not an address/],
    ['http://.', /not an address/],
    ['http://..', /not an address/],
    ['http://nas..', /not an address/],
    ['http://nas:99999', /not an address/],
    ['javascript:alert(1)', /not an address/],
    ['x'.repeat(600), /too long/],
  ])('%j is refused with its reason', (typed, reason) => {
    const result = normaliseAddress(typed, radarr);
    expect(result.ok ? result.baseUrl : result.reason(sayInEnglish)).toMatch(reason);
  });

  it('never throws, never keeps credentials, and normalised again stays the same', () => {
    const part = fc.constantFrom(
      'http://',
      'https://',
      'HTTP:',
      '//',
      '/',
      ':',
      '@',
      '.',
      '..',
      '%',
      '%2f',
      '[',
      ']',
      '?',
      '#',
      '\\',
      'ada',
      'pw',
      'nas',
      '10.0.0.1',
      '::1',
      '7878',
      '80',
      '443',
      'api',
      'v3',
      'movie',
      'radarr',
      'é',
      '\ud800',
      ' ',
      '\u200b',
    );
    const typed = fc.oneof(
      fc.string(),
      fc.webUrl(),
      fc.array(part, { maxLength: 12 }).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(typed, fc.constantFrom(...serviceNames), (text, name) => {
        const definition = serviceDefinitions[name];
        const result = normaliseAddress(text, definition);
        if (!result.ok) return void expect(result.reason(sayInEnglish)).toMatch(/^[A-Z].*\.$/);
        const url = new URL(result.baseUrl);
        expect([url.username, url.password, url.search, url.hash]).toEqual(['', '', '', '']);
        expect(url.protocol).toMatch(/^https?:$/);
        expect(result.baseUrl).not.toMatch(/\/$/);
        expect(normaliseAddress(result.baseUrl, definition)).toEqual(result);
      }),
      { numRuns: 2000 },
    );
  });
});
