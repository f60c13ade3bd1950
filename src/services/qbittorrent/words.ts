import { messages } from '../../messages.ts';

export const qbittorrentWords = messages('qbittorrent', {
  secret: 'Password',
  secretHint: 'In qBittorrent: Tools, Options, Web UI.',
  holds: '{count, plural, one {{count} torrent} other {{count} torrents}}',
  wrongPassword: 'qBittorrent does not accept the user name or password.',
  setBoth: 'Set both with `/services configure`.',
  addressRefused: 'qBittorrent refuses that address: its “Host header validation” expects another port or host name.',
  portRefused: 'qBittorrent refuses port {detail}: its “Host header validation” expects another port or host name.',
  samePort:
    'Use the same port inside and outside qBittorrent’s container, or switch that validation off in Options, Web UI.',
  waitForBan:
    'Wait for the ban to end (one hour unless qBittorrent’s options differ) or restart qBittorrent, then check the password.',
});
