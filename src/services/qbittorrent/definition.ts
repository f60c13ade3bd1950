import type { ServiceDefinition } from '../service.ts';
import { openQbittorrent, type QbittorrentClient } from './client.ts';

export const qbittorrent = {
  name: 'qbittorrent',
  label: 'qBittorrent',
  defaultPort: 8080,
  needsUsername: true,
  secretLabel: 'Password',
  secretHint: 'In qBittorrent: Tools, Options, Web UI.',
  user: null,
  pagePaths: [],
  failureWords: {
    unauthorized: () => ({
      what: 'qBittorrent does not accept the user name or password.',
      nextStep: 'Set both with `/services configure`.',
    }),
    address_refused: ({ detail }) => ({
      what: `qBittorrent refuses ${detail === null ? 'that address' : `port ${detail}`}: its “Host header validation” expects another port or host name.`,
      nextStep:
        'Use the same port inside and outside qBittorrent’s container, or switch that validation off in Options, Web UI.',
    }),
    forbidden: ({ detail }, usual) =>
      /\bbanned\b/i.test(detail ?? '')
        ? {
            what: usual.what,
            nextStep:
              'Wait for the ban to end (one hour unless qBittorrent’s options differ) or restart qBittorrent, then check the password.',
          }
        : usual,
  },
  open: openQbittorrent,
} satisfies ServiceDefinition<QbittorrentClient>;
