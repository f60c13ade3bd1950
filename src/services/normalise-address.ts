import { isIP } from 'node:net';

type NormalisedAddress = { ok: true; baseUrl: string } | { ok: false; reason: string };

type Target = { label: string; defaultPort: number; pagePaths: readonly string[] };

/**
 * Makes a base address of what a person typed or copied from the browser: the scheme is added, query, fragment, trailing
 * slash, API path and page path are removed, a URL base such as /radarr is kept. Without scheme and port, an IP address or
 * a name that only a home network knows gets http and the service's usual port, any other name https (it stands behind a
 * proxy); port 443 means https. With a scheme the port stays as typed. Never throws.
 */
export function normaliseAddress(typed: string, target: Target): NormalisedAddress {
  const text = typed.trim();
  if (text === '') return { ok: false, reason: `Type ${target.label}’s address, such as ${example(target)}.` };
  if (text.length > 500)
    return { ok: false, reason: 'That address is too long. Copy only the part up to the first page.' };
  if (/[\p{Cc}\p{Cf}\s\\]/u.test(text))
    return { ok: false, reason: 'An address has no spaces in it. Copy it from the browser’s address bar.' };
  if (/^https?:(?!\/\/)/i.test(text)) return { ok: false, reason: 'Write two slashes after http:, as in http://.' };
  const scheme = /^([a-z][a-z\d+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
  if (scheme !== undefined && scheme !== 'http' && scheme !== 'https')
    return { ok: false, reason: 'An address starts with http:// or https://.' };
  const url = URL.parse(scheme === undefined ? `http://${bracketed(text)}` : text);
  // A host must not end with two full stops, nor be a single one.
  if (url === null || /^\.?$|\.\.$/.test(url.hostname))
    return { ok: false, reason: `That is not an address. Type one such as ${example(target)}.` };
  if (url.username !== '' || url.password !== '')
    return {
      ok: false,
      reason: 'Leave user name and password out of the address: they have fields of their own.',
    };
  if (scheme === undefined && url.port === '' && !/:80(\/|$)/.test(text)) {
    if (isHomeName(url.hostname)) url.port = String(target.defaultPort);
    else url.protocol = 'https:';
  }
  if (scheme === undefined && url.port === '443') url.protocol = 'https:';
  return { ok: true, baseUrl: url.origin + urlBase(url.pathname, target.pagePaths) };
}

function example(target: Target): string {
  return `\`http://192.168.1.20:${target.defaultPort}\``;
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
