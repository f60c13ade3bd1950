import type { ServiceDefinition } from '../service.ts';
import { openQbittorrent, type QbittorrentClient } from './client.ts';
import { qbittorrentWords } from './words.ts';

export const qbittorrent = {
  name: 'qbittorrent',
  label: 'qBittorrent',
  defaultPort: 8080,
  needsUsername: true,
  secret: 'password',
  words: qbittorrentWords,
  user: null,
  pagePaths: [],
  failureWords: {
    unauthorized: () => ({ what: qbittorrentWords.wrongPassword, nextStep: qbittorrentWords.setBoth }),
    address_refused: ({ detail }) => ({
      what: detail === null ? qbittorrentWords.addressRefused : qbittorrentWords.portRefused,
      nextStep: qbittorrentWords.samePort,
    }),
    forbidden: ({ detail }, usual) =>
      /\bbanned\b/i.test(detail ?? '') ? { what: usual.what, nextStep: qbittorrentWords.waitForBan } : usual,
  },
  open: openQbittorrent,
} satisfies ServiceDefinition<QbittorrentClient>;
