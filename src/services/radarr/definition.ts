import type { ServiceDefinition } from '../service.ts';
import { openRadarr, type RadarrClient } from './client.ts';
import { radarrWords } from './words.ts';

export const radarr = {
  name: 'radarr',
  label: 'Radarr',
  defaultPort: 7878,
  needsUsername: false,
  secret: 'key',
  words: radarrWords,
  user: null,
  pagePaths: ['movie', 'add', 'calendar', 'activity', 'wanted', 'system', 'collections'],
  open: openRadarr,
} satisfies ServiceDefinition<RadarrClient>;
