/**
 * Scheme, host and port of a server's address in one spelling, such as `http://nas.local:80`: lower case, punycode, the port always
 * written, no full stop at the end, an IPv4 address inside IPv6 as IPv4. Null for what is no plain http address, also one with a
 * user name in it. Whatever path is put behind the address, its requests go to this origin.
 */
export function originOf(address: string): string | null {
  // What the URL parser forgives (white space, control characters, backslashes, missing slashes) names no server here.
  if (!/^https?:\/\/[^/?#]/i.test(address) || /[\p{Cc}\p{Cf}\s\\]/u.test(address)) return null;
  const url = URL.parse(address);
  if (url === null || url.username !== '' || url.password !== '') return null;
  const host = ipv4Within(url.hostname) ?? url.hostname.replace(/\.$/, '');
  if (host === '' || host.endsWith('.')) return null;
  const port = url.port === '' ? { 'http:': '80', 'https:': '443' }[url.protocol] : url.port;
  return `${url.protocol}//${host}:${port}`;
}

/** The IPv4 address of an IPv4-mapped IPv6 host as the URL parser writes it, `[::ffff:c0a8:114]`; else null. */
function ipv4Within(hostname: string): string | null {
  const [, high, low] = /^\[::ffff:([\da-f]{1,4}):([\da-f]{1,4})\]$/.exec(hostname) ?? [];
  if (high === undefined || low === undefined) return null;
  const words = [Number.parseInt(high, 16), Number.parseInt(low, 16)];
  return words.flatMap((word) => [word >> 8, word & 255]).join('.');
}
