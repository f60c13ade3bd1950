import type { ServiceDefinition } from '../service.ts';
import { openRadarr, type RadarrClient } from './client.ts';

export const radarr = {
  name: 'radarr',
  label: 'Radarr',
  defaultPort: 7878,
  needsUsername: false,
  secretLabel: 'API key',
  secretHint: 'In Radarr: Settings, General, API Key.',
  user: null,
  pagePaths: ['movie', 'add', 'calendar', 'activity', 'wanted', 'system', 'collections'],
  open: openRadarr,
} satisfies ServiceDefinition<RadarrClient>;
