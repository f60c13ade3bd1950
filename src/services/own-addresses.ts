import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import { canonicalAddress, type IsOwnAddress, isLoopback, isUnspecified } from './address-guard.ts';
import type { OwnListener } from './service.ts';

/**
 * Tells which addresses reach these listeners now. Names are resolved and the machine's interfaces are read each time, because both
 * change. A name that cannot be resolved reaches nothing.
 */
export async function ownAddressesOf(listeners: readonly OwnListener[]): Promise<IsOwnAddress> {
  const machine = Object.values(networkInterfaces()).flatMap((addresses = []) =>
    addresses.map(({ address }) => canonicalAddress(address)),
  );
  const reached = new Set<string>();
  let isOnLoopback = false;
  for (const { host, scope } of listeners) {
    const bound = (await addressesOf(host)).map(canonicalAddress);
    for (const address of bound) reached.add(address);
    const isHere = bound.some((address) => isLoopback(address) || machine.includes(address));
    const isEverywhere = bound.some(isUnspecified) || (scope === 'whole-machine' && isHere);
    if (isEverywhere) for (const address of machine) reached.add(address);
    isOnLoopback ||= isEverywhere || bound.some(isLoopback);
  }
  return (address) => {
    const canonical = canonicalAddress(address);
    return reached.has(canonical) || (isOnLoopback && isLoopback(canonical));
  };
}

async function addressesOf(host: string): Promise<string[]> {
  if (isIP(host) !== 0) return [host];
  try {
    return (await lookup(host, { all: true })).map(({ address }) => address);
  } catch {
    // A name without an address cannot be reached by anybody.
    return [];
  }
}
