import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAddressAllowed } from '../../src/services/address-guard.ts';
import { createHttp } from '../../src/services/http.ts';
import { sendJson, settings, startServer } from './loopback-server.ts';
import { socketsMade } from './sockets-made.ts';
import { spellingOf } from './spellings.ts';

/** Ways to write 169.254.169.254, and other addresses that lead there. */
const spelling = fc.oneof(
  spellingOf([169, 254, 169, 254]),
  fc.constantFrom('[fe80::1]', '[fe80::a9fe:a9fe]', '[fd00:ec2::254]'),
);

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
