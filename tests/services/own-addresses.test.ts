import { networkInterfaces } from 'node:os';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAddressAllowed } from '../../src/services/address-guard.ts';
import { createHttp } from '../../src/services/http.ts';
import { ownAddressesOf } from '../../src/services/own-addresses.ts';
import type { OwnListener } from '../../src/services/service.ts';
import { sendJson, settings, startServer } from './loopback-server.ts';
import { socketsMade } from './sockets-made.ts';
import { spellingOf } from './spellings.ts';

/** This machine's addresses besides the loopback's; none where there is no network. */
const lan = Object.values(networkInterfaces()).flatMap((addresses = []) =>
  addresses.filter(({ internal, address }) => !internal && isAddressAllowed(address, 'private-allowed')),
);

function open(baseUrl: string, ownListeners: readonly OwnListener[], addressPolicy = settings.addressPolicy) {
  return createHttp({ service: 'radarr', baseUrl, headers: {}, http: { ...settings, addressPolicy, ownListeners } });
}
const inBrackets = (host: string) => (host.includes(':') ? `[${host}]` : host);

/** Ways to write the loopback as a URL's host. */
const loopback = fc.oneof(
  spellingOf([127, 0, 0, 1]),
  fc.tuple(fc.nat(255), fc.nat(255), fc.integer({ min: 1, max: 254 })).chain(([b, c, d]) => spellingOf([127, b, c, d])),
  fc.constantFrom('localhost', 'LocalHost', 'ｌｏｃａｌｈｏｓｔ', '[::1]', '[0:0:0:0:0:0:0:1]', '[::0001]'),
);

describe('the bot’s own address', () => {
  it.each<[string, OwnListener['scope']]>([
    ['127.0.0.1', 'as-bound'],
    ['0.0.0.0', 'as-bound'],
    ['::', 'as-bound'],
    ['localhost', 'whole-machine'],
    ['::1', 'whole-machine'],
  ])('at %s (%s) is refused in every spelling of the loopback before a connection is made', async (host, scope) => {
    const own = [{ host, port: 18_080, scope }];
    await fc.assert(
      fc.asyncProperty(loopback, fc.constantFrom('http', 'https'), async (spelling, scheme) => {
        const call = open(`${scheme}://${spelling}:18080`, own).text({ path: '/metrics' });
        const made = await socketsMade(() =>
          expect(call).rejects.toMatchObject({ failure: 'own_address', sent: 'no' }),
        );
        // For a name there is a socket that waits for the look-up; it is never connected.
        expect(made).toBe(/^[lｌ]/i.test(spelling) ? 1 : 0);
      }),
      { numRuns: 60 },
    );
  });

  it('is no other port’s, nor another machine’s', async () => {
    await using server = await startServer((_, response) => sendJson(response, {}));
    const own = (port: number, host = '0.0.0.0'): OwnListener[] => [{ host, port, scope: 'whole-machine' }];
    const call = (listeners: OwnListener[]) => open(`http://127.0.0.1:${server.port}`, listeners).text({ path: '/' });
    await expect(call(own(server.port))).rejects.toMatchObject({ failure: 'own_address' });
    await expect(call(own(server.port + 1))).resolves.toMatchObject({ status: 200 });
    await expect(call(own(server.port, '192.0.2.1'))).resolves.toMatchObject({ status: 200 });
    await expect(call(own(server.port, 'no-such-host.invalid'))).resolves.toMatchObject({ status: 200 });
    await expect(call([])).resolves.toMatchObject({ status: 200 });
    expect(server.seen).toHaveLength(4);
  });

  it('is known without a port written', async () => {
    for (const [scheme, port] of [
      ['http', 80],
      ['https', 443],
    ] as const) {
      const own: OwnListener[] = [{ host: '127.0.0.1', port, scope: 'as-bound' }];
      await expect(open(`${scheme}://localhost`, own).text({ path: '/' })).rejects.toMatchObject({
        failure: 'own_address',
      });
    }
  });

  it.runIf(lan.length > 0)('at every address of its machine when it listens on all', async () => {
    const isOwn = await ownAddressesOf([{ host: '::', port: 1, scope: 'as-bound' }]);
    const besideDatabase = await ownAddressesOf([{ host: '127.0.0.1', port: 1, scope: 'whole-machine' }]);
    const alone = await ownAddressesOf([{ host: '127.0.0.1', port: 1, scope: 'as-bound' }]);
    for (const { address, family } of lan) {
      const written =
        family === 'IPv4' ? [address, `::ffff:${address}`, `64:ff9b::${address}`] : [address, address.toUpperCase()];
      for (const one of written) {
        expect([one, isOwn(one), besideDatabase(one), alone(one)]).toEqual([one, true, true, false]);
        const own: OwnListener[] = [{ host: '0.0.0.0', port: 18_080, scope: 'as-bound' }];
        const call = open(`http://${inBrackets(one)}:18080`, own).text({ path: '/' });
        await expect(call).rejects.toMatchObject({ failure: 'own_address', sent: 'no' });
      }
    }
  });

  it('is the database’s on another machine, by name and by number', async () => {
    const isOwn = await ownAddressesOf([{ host: '192.0.2.7', port: 5432, scope: 'whole-machine' }]);
    expect(['192.0.2.7', '::ffff:192.0.2.7', '::ffff:c000:207'].map(isOwn)).toEqual([true, true, true]);
    expect(['192.0.2.8', '127.0.0.1', '::1'].map(isOwn)).toEqual([false, false, false]);
  });

  it('is not told to strangers', async () => {
    const own: OwnListener[] = [{ host: '192.0.2.7', port: 5432, scope: 'whole-machine' }];
    for (const host of ['192.0.2.7', '[::ffff:192.0.2.7]', '127.0.0.1', 'localhost'])
      await expect(open(`http://${host}:5432`, own, 'public-only').text({ path: '/' })).rejects.toMatchObject({
        failure: 'address_not_allowed',
      });
  });
});
if (lan.length === 0) console.log('The machine’s own addresses are left out: it has none besides the loopback.');
