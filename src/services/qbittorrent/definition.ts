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
  open: openQbittorrent,
} satisfies ServiceDefinition<QbittorrentClient>;
