import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { originOf } from '../../src/db/origin.ts';
import { normaliseAddress } from '../../src/services/normalise-address.ts';
import { serviceDefinitions } from '../../src/services/registry.ts';

describe('the origin of an address', () => {
  it.each([
    ['http://nas.local:7878', 'http://nas.local:7878'],
    ['http://nas.local', 'http://nas.local:80'],
    ['http://nas.local:80/', 'http://nas.local:80'],
    ['https://nas.local/radarr', 'https://nas.local:443'],
    ['https://nas.local:443', 'https://nas.local:443'],
    ['http://nas.local:443', 'http://nas.local:443'],
    ['HTTP://NAS.Local:07878/A', 'http://nas.local:7878'],
    ['http://nas.local.:7878', 'http://nas.local:7878'],
    ['http://Bücher.example', 'http://xn--bcher-kva.example:80'],
    ['http://xn--bcher-kva.example', 'http://xn--bcher-kva.example:80'],
    ['http://ｎａｓ:7878', 'http://nas:7878'],
    ['http://0x7f.1:7878', 'http://127.0.0.1:7878'],
    ['http://2130706433:7878', 'http://127.0.0.1:7878'],
    ['http://192.168.1.20.:7878', 'http://192.168.1.20:7878'],
    ['http://[::ffff:192.168.1.20]:7878', 'http://192.168.1.20:7878'],
    ['http://[0:0:0:0:0:FFFF:C0A8:0114]:7878', 'http://192.168.1.20:7878'],
    ['http://[FD12:0:0::20]', 'http://[fd12::20]:80'],
    ['http://nas:7878?x#y', 'http://nas:7878'],
  ])('%s is %s', (address, origin) => {
    expect(originOf(address)).toBe(origin);
  });

  it.each([
    '',
    'nas:7878',
    '//nas',
    'ftp://nas',
    'http:nas',
    'http:/nas',
    'http:///nas',
    'http:\\\\nas',
    'http://nas\\@evil',
    'http://ada@nas',
    'http://ada:secret@nas',
    ' http://nas',
    'http://nas\n',
    'http://n\tas',
    'http://n\u200bas',
    'http://nas:port',
    'http://nas:99999',
    'http://.',
    'http://[fe80::1%eth0]',
  ])('%j has none', (address) => {
    expect(originOf(address)).toBeNull();
  });

  /** Pieces of addresses, and what is read in different ways. */
  const strange = fc
    .array(
      fc.oneof(
        fc.constantFrom(
          'http',
          'https',
          ':',
          '//',
          '/',
          '\\',
          '@',
          '.',
          '#',
          '?',
          '[',
          ']',
          '::1',
          'nas',
          'evil',
          '7878',
          '%2f',
          '%40',
        ),
        fc.string({ maxLength: 2 }),
        fc.webUrl(),
      ),
      { maxLength: 8 },
    )
    .map((parts) => parts.join(''));

  it('is where every call below the address goes, whatever stands in it', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          strange,
          strange.map((rest) => `http://${rest}`),
        ),
        (address) => {
          const origin = originOf(address);
          if (origin === null) return;
          // As createHttp puts a path behind it.
          const called = URL.parse(`${address.replace(/\/+$/, '')}/api/v3/movie`);
          if (called !== null) expect(originOf(called.href)).toBe(origin);
          expect(originOf(`${origin}/radarr`)).toBe(origin);
        },
      ),
      { numRuns: 5000 },
    );
  });

  it('is there for every address that may be saved', () => {
    fc.assert(
      fc.property(fc.oneof(strange, fc.webUrl(), fc.ipV4(), fc.ipV6(), fc.domain()), (typed) => {
        const address = normaliseAddress(typed, serviceDefinitions.radarr);
        if (address.ok) expect(originOf(address.baseUrl)).not.toBeNull();
      }),
      { numRuns: 3000 },
    );
  });
});
