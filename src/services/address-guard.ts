import type { LookupAddress } from 'node:dns';
import { lookup as systemLookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import type { AddressPolicy } from './service.ts';

/** Thrown inside a connection attempt to an address that the policy does not allow. */
export class AddressNotAllowedError extends Error {
  override readonly name = 'AddressNotAllowedError';
  readonly code = 'ADDRESS_NOT_ALLOWED';
}

/** Whether the bot or its database listens at an IP address, in any spelling. */
export type IsOwnAddress = (address: string) => boolean;

/** Thrown inside a connection attempt to an address at which the bot or its database listens. */
export class OwnAddressError extends Error {
  override readonly name = 'OwnAddressError';
  readonly code = 'OWN_ADDRESS';
}

/** Never a media server: link-local (cloud metadata), multicast, unspecified, broadcast, reserved, discard, Teredo, local NAT64. */
const neverAllowed = blockList([
  ['0.0.0.0', 8],
  ['169.254.0.0', 16],
  ['192.0.0.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
  ['::', 128],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
  ['100::', 64],
  ['2001::', 32],
  ['64:ff9b:1::', 48],
]);

/** Cloud metadata services that live on private addresses. */
const metadata = blockList([
  ['fd00:ec2::254', 128],
  ['100.100.100.200', 32],
]);

/** Private, loopback, unique-local and carrier-grade (Tailscale) ranges: home servers live here. */
const privateRanges = blockList([
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['::1', 128],
  ['fc00::', 7],
]);

function blockList(ranges: readonly (readonly [string, number])[]): BlockList {
  const list = new BlockList();
  for (const [address, prefix] of ranges) list.addSubnet(address, prefix, isIP(address) === 6 ? 'ipv6' : 'ipv4');
  return list;
}

/** Whether the bot may connect to an IP address, written in any way that the system accepts. Names are not addresses. */
export function isAddressAllowed(address: string, policy: AddressPolicy): boolean {
  const bare = address.replace(/%.*$/, '');
  const family = isIP(bare);
  if (family === 0) return false;
  const inner = family === 6 ? embeddedAddress(bare) : null;
  if (inner !== null) return isAddressAllowed(inner, policy);
  const kind = family === 6 ? 'ipv6' : 'ipv4';
  if (neverAllowed.check(bare, kind) || metadata.check(bare, kind)) return false;
  return policy === 'private-allowed' || !privateRanges.check(bare, kind);
}

const loopback = blockList([
  ['127.0.0.0', 8],
  ['::1', 128],
]);

/** Whether an IP address in its canonical spelling is one of the loopback. */
export function isLoopback(address: string): boolean {
  return loopback.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

/** Whether an IP address in its canonical spelling stands for every address of a machine. */
export function isUnspecified(address: string): boolean {
  return address === '0.0.0.0' || address === '0:0:0:0:0:0:0:0';
}

/** One spelling for each IP address, without zone: IPv4 with dots, also where it is written within IPv6; IPv6 as eight words. */
export function canonicalAddress(address: string): string {
  const bare = address.replace(/%.*$/, '');
  if (isIP(bare) !== 6) return bare;
  return (
    embeddedAddress(bare) ??
    expand(bare)
      .map((word) => word.toString(16))
      .join(':')
  );
}

/** The IPv4 address inside an IPv4-mapped, IPv4-compatible, NAT64 or 6to4 address, or null. */
function embeddedAddress(address: string): string | null {
  const words = expand(address);
  const ipv4 = (high: number, low: number) => `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = words;
  const zeros = a === 0 && b === 0 && c === 0 && d === 0;
  if (zeros && e === 0 && f === 0xffff) return ipv4(g, h);
  if (zeros && e === 0xffff && f === 0) return ipv4(g, h);
  if (zeros && e === 0 && f === 0 && (g !== 0 || h > 1)) return ipv4(g, h);
  if (a === 0x64 && b === 0xff9b && c === 0 && d === 0 && e === 0 && f === 0) return ipv4(g, h);
  if (a === 0x2002) return ipv4(b, c);
  return null;
}

/** The eight 16-bit words of a valid IPv6 address. */
function expand(address: string): number[] {
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address);
  const text = dotted
    ? `${dotted[1]}${((Number(dotted[2]) << 8) | Number(dotted[3])).toString(16)}:${((Number(dotted[4]) << 8) | Number(dotted[5])).toString(16)}`
    : address;
  const [head = '', tail] = text.split('::');
  const words = (part: string) => (part === '' ? [] : part.split(':').map((word) => Number.parseInt(word, 16)));
  if (tail === undefined) return words(head);
  const [before, after] = [words(head), words(tail)];
  return [...before, ...new Array<number>(Math.max(0, 8 - before.length - after.length)).fill(0), ...after];
}

/**
 * A DNS look-up that gives only allowed addresses, to be used by the connection itself: what was checked is what is
 * connected to, so a name cannot answer differently the second time. Fails with AddressNotAllowedError when none is left, or with
 * OwnAddressError when one of them is the bot's own.
 */
export function guardedLookup(policy: AddressPolicy, isOwn: IsOwnAddress = () => false): LookupFunction {
  return (hostname, options, callback) => {
    systemLookup(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      if (error) return callback(error, '');
      const allowed = addresses.filter(({ address }) => isAddressAllowed(address, policy));
      if (allowed.some(({ address }) => isOwn(address))) return callback(ownAddress(policy), '');
      const [first] = allowed;
      if (first === undefined) return callback(new AddressNotAllowedError('address not allowed'), '');
      if (options.all) callback(null, allowed);
      else callback(null, first.address, first.family);
    });
  };
}

/** Refuses an IP literal before a socket is made: no look-up happens for those. The host may be in brackets. */
export function assertLiteralAllowed(hostname: string, policy: AddressPolicy, isOwn: IsOwnAddress = () => false): void {
  const bare = hostname.replace(/^\[|\]$/g, '');
  if (isIP(bare.replace(/%.*$/, '')) === 0) return;
  if (!isAddressAllowed(bare, policy)) throw new AddressNotAllowedError('address not allowed');
  if (isOwn(bare)) throw ownAddress(policy);
}

/** Strangers must not learn where the bot's database is. */
function ownAddress(policy: AddressPolicy): Error {
  return policy === 'public-only'
    ? new AddressNotAllowedError('address not allowed')
    : new OwnAddressError('own address');
}
