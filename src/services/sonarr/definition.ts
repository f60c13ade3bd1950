import type { ServiceDefinition } from '../service.ts';
import { openSonarr, type SonarrClient } from './client.ts';

export const sonarr = {
  name: 'sonarr',
  label: 'Sonarr',
  defaultPort: 8989,
  needsUsername: false,
  secretLabel: 'API key',
  secretHint: 'In Sonarr: Settings, General, API Key.',
  user: null,
  pagePaths: ['series', 'add', 'calendar', 'activity', 'wanted', 'system'],
  open: openSonarr,
} satisfies ServiceDefinition<SonarrClient>;
