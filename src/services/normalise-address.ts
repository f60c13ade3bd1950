import { isIP } from 'node:net';
import { messages, type Saying } from '../messages.ts';

export const addressMessages = messages('addresses', {
  empty: 'Type {label}’s address, such as `http://192.168.1.20:{port}`.',
  tooLong: 'That address is too long. Copy only the part up to the first page.',
  hasSpaces: 'An address has no spaces in it. Copy it from the browser’s address bar.',
  needsSlashes: 'Write two slashes after http:, as in http://.',
  otherScheme: 'An address starts with http:// or https://.',
  notOne: 'That is not an address. Type one such as `http://192.168.1.20:{port}`.',
  hasUser: 'Leave user name and password out of the address: they have fields of their own.',
});

type NormalisedAddress = { ok: true; baseUrl: string } | { ok: false; reason: Saying };

type Target = { label: string; defaultPort: number; pagePaths: readonly string[] };

/**
 * Makes a base address of what a person typed or copied from the browser: the scheme is added, query, fragment, trailing
 * slash, API path and page path are removed, a URL base such as /radarr is kept. Without scheme and port, an IP address or
 * a name that only a home network knows gets http and the service's usual port, any other name https (it stands behind a
 * proxy); port 443 means https. With a scheme the port stays as typed. Never throws.
 */
export function normaliseAddress(typed: string, target: Target): NormalisedAddress {
  const text = typed.trim();
  const { label, defaultPort: port } = target;
  if (text === '') return refused((say) => say(addressMessages.empty, { label, port }));
  if (text.length > 500) return refused((say) => say(addressMessages.tooLong));
  if (/[\p{Cc}\p{Cf}\s\\]/u.test(text)) return refused((say) => say(addressMessages.hasSpaces));
  if (/^https?:(?!\/\/)/i.test(text)) return refused((say) => say(addressMessages.needsSlashes));
  const scheme = /^([a-z][a-z\d+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
  if (scheme !== undefined && scheme !== 'http' && scheme !== 'https')
    return refused((say) => say(addressMessages.otherScheme));
  const url = URL.parse(scheme === undefined ? `http://${bracketed(text)}` : text);
  // A host must not end with two full stops, nor be a single one.
  if (url === null || /^\.?$|\.\.$/.test(url.hostname)) return refused((say) => say(addressMessages.notOne, { port }));
  if (url.username !== '' || url.password !== '') return refused((say) => say(addressMessages.hasUser));
  if (scheme === undefined && url.port === '' && !/:80(\/|$)/.test(text)) {
    if (isHomeName(url.hostname)) url.port = String(target.defaultPort);
    else url.protocol = 'https:';
  }
  if (scheme === undefined && url.port === '443') url.protocol = 'https:';
  return { ok: true, baseUrl: url.origin + urlBase(url.pathname, target.pagePaths) };
}

function refused(reason: Saying): NormalisedAddress {
  return { ok: false, reason };
}

/** A bare IPv6 address needs brackets to be read as a host. */
function bracketed(text: string): string {
  return isIP(text) === 6 ? `[${text}]` : text;
}

/** Names that only a home network knows, and IP addresses. */
function isHomeName(hostname: string): boolean {
  const bare = hostname.replace(/^\[|\]$/g, '');
  return isIP(bare) !== 0 || !hostname.includes('.') || /\.(local|lan|home|internal|home\.arpa)$/.test(hostname);
}

/** What is left of a path once the API's and the pages' parts are cut off: the URL base, or nothing. */
function urlBase(pathname: string, pagePaths: readonly string[]): string {
  const segments = pathname.split('/').filter((segment) => segment !== '');
  const pages = new Set(['api', 'login', 'settings', 'index.html', ...pagePaths]);
  const end = segments.findIndex((segment) => pages.has(segment.toLowerCase()));
  const kept = end === -1 ? segments : segments.slice(0, end);
  return kept.map((segment) => `/${segment}`).join('');
}
