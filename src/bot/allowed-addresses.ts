/** Hosts that stay links whatever the path. */
const hosts: ReadonlySet<string> = new Set([
  'themoviedb.org',
  'www.themoviedb.org',
  'imdb.com',
  'www.imdb.com',
  'm.imdb.com',
  'thetvdb.com',
  'www.thetvdb.com',
  'support.discord.com',
]);

/**
 * Of discord.com only pages that show something. Invitations, gifts, log-ins by QR code (`/ra/`), authorisations and files
 * (`cdn.discordapp.com`) act for who follows them or are anybody's, so they are shown as code like all others.
 */
const discordHosts: ReadonlySet<string> = new Set(['discord.com', 'ptb.discord.com', 'canary.discord.com']);
const discordPages = /^\/(?:(?:channels|users|developers|safety|blog|guidelines|terms|privacy|download)(?:\/|$)|$)/;

/** Scheme, host in ASCII, port and path: no user, no query, no fragment, no empty path segment. */
const plain = /https?:\/\/(?:[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?(?:\/[\w.~%+,=-]+)*\/?/iy;
const longest = 500;

/**
 * The address that begins at `at` when it may stay a link: of Discord, TMDB, IMDb, TheTVDB, or of `own` (origins as `URL`
 * writes them). Null for every other, and for one that goes on with anything but its own path.
 */
export function allowedAddress(text: string, at: number, own: ReadonlySet<string>): string | null {
  plain.lastIndex = at;
  const address = plain.exec(text)?.[0];
  if (address === undefined || address.length > longest) return null;
  // The full stop after a sentence is no part of the address.
  const whole = address.replace(/[.,]+$/, '');
  const url = URL.parse(whole);
  // Clients look for invitations in paths too.
  if (url === null || /discord(?:app)?\.[a-z]+\//i.test(url.pathname)) return null;
  if (own.has(url.origin)) return whole;
  if (url.port !== '') return null;
  if (hosts.has(url.hostname)) return whole;
  return discordHosts.has(url.hostname) && discordPages.test(url.pathname) ? whole : null;
}
