import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAddressAllowed } from '../../src/services/address-guard.ts';
import { createHttp } from '../../src/services/http.ts';
import { sendJson, settings, startServer } from './loopback-server.ts';

const metadata = [169, 254, 169, 254] as const;

/** Ways to write 169.254.169.254 as a URL's host: each part and the whole as decimal, hex or octal, or inside IPv6. */
const spelling = fc.oneof(
  fc
    .tuple(
      fc.integer({ min: 1, max: 4 }),
      fc.array(fc.constantFrom(10, 16, 8), { minLength: 4, maxLength: 4 }),
      fc.boolean(),
    )
    .map(([count, bases, dot]) => {
      const parts = [
        ...metadata.slice(0, count - 1),
        metadata.slice(count - 1).reduce((sum, byte) => sum * 256 + byte, 0),
      ];
      const written = parts.map((part, index) => {
        const base = bases[index] ?? 10;
        return base === 16 ? `0x${part.toString(16)}` : base === 8 ? `0${part.toString(8)}` : String(part);
      });
      return written.join('.') + (dot ? '.' : '');
    }),
  fc
    .tuple(
      fc.constantFrom('::ffff:', '::', '64:ff9b::', '0:0:0:0:0:ffff:', '::ffff:0:'),
      fc.constantFrom('169.254.169.254', 'a9fe:a9fe', 'A9FE:A9FE'),
    )
    .map(([prefix, ipv4]) => `[${prefix}${ipv4}]`),
  fc.constantFrom('[2002:a9fe:a9fe::1]', '[fe80::1]', '[fe80::a9fe:a9fe]', '[fd00:ec2::254]', '１６９.254.169.254'),
);

/** Runs `act` and counts the sockets that were made meanwhile. */
async function socketsMade(act: () => Promise<unknown>): Promise<number> {
  let made = 0;
  const count = () => {
    made++;
  };
  subscribe('net.client.socket', count);
  await act().finally(() => unsubscribe('net.client.socket', count));
  return made;
}

function open(baseUrl: string, addressPolicy: 'private-allowed' | 'public-only') {
  return createHttp({ service: 'radarr', baseUrl, headers: {}, http: { ...settings, addressPolicy } });
}

describe('an address', () => {
  it.each([
    '169.254.169.254',
    '169.254.0.1',
    '0.0.0.0',
    '0.1.2.3',
    '224.0.0.1',
    '239.1.1.1',
    '255.255.255.255',
    '::',
    'fe80::1',
    'fe80::1%eth0',
    'febf::1',
    'ff02::1',
    'fd00:ec2::254',
    '::ffff:169.254.169.254',
    '::ffff:a9fe:a9fe',
    '64:ff9b::a9fe:a9fe',
    '64:ff9b:1::a9fe:a9fe',
    '2002:a9fe:a9fe::',
    '2852039166',
    'localhost',
    '',
  ])('%s is never allowed', (address) => {
    expect(isAddressAllowed(address, 'private-allowed')).toBe(false);
    expect(isAddressAllowed(address, 'public-only')).toBe(false);
  });

  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.31.255.1',
    '192.168.1.20',
    '100.64.0.1',
    '::1',
    'fd12:3456::1',
    '::ffff:192.168.1.20',
    '64:ff9b::10.0.0.1',
    '2002:7f00:1::',
  ])('%s is allowed at home only', (address) => {
    expect(isAddressAllowed(address, 'private-allowed')).toBe(true);
    expect(isAddressAllowed(address, 'public-only')).toBe(false);
  });

  it.each(['1.1.1.1', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '::ffff:1.1.1.1'])('%s is allowed', (address) => {
    expect(isAddressAllowed(address, 'public-only')).toBe(true);
  });

  it('of a server by its IPv6 words is judged as its IPv4 form is', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.constantFrom('private-allowed', 'public-only'), (ipv4, policy) => {
        expect(isAddressAllowed(`::ffff:${ipv4}`, policy)).toBe(isAddressAllowed(ipv4, policy));
        expect(isAddressAllowed(`64:ff9b::${ipv4}`, policy)).toBe(isAddressAllowed(ipv4, policy));
      }),
    );
  });
});

describe('a call', () => {
  it('to any spelling of the metadata address ends before a socket is made', async () => {
    await fc.assert(
      fc.asyncProperty(spelling, fc.constantFrom('http', 'https'), async (host, scheme) => {
        const call = open(`${scheme}://${host}:8080`, 'private-allowed').text({ path: '/latest/meta-data' });
        const made = await socketsMade(() =>
          expect(call).rejects.toMatchObject({ failure: 'address_not_allowed', sent: 'no' }),
        );
        expect(made).toBe(0);
      }),
      { numRuns: 200 },
    );
  });

  it('to a private server is refused on a public bot, by its number as by its name', async () => {
    await using server = await startServer((_, response) => sendJson(response, {}));
    for (const host of ['127.0.0.1', 'localhost', '[::ffff:127.0.0.1]', '2130706433']) {
      const address = `http://${host}:${server.port}`;
      const call = open(address, 'public-only').text({ path: '/' });
      await expect(call).rejects.toMatchObject({ failure: 'address_not_allowed' });
      await expect(open(address, 'private-allowed').text({ path: '/' })).resolves.toMatchObject({ status: 200 });
    }
    expect(server.seen).toHaveLength(4);
  });
});
