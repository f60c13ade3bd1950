import type { ServiceDefinition } from '../service.ts';
import { openSonarr, type SonarrClient } from './client.ts';
import { sonarrWords } from './words.ts';

export const sonarr = {
  name: 'sonarr',
  label: 'Sonarr',
  defaultPort: 8989,
  needsUsername: false,
  secret: 'key',
  words: sonarrWords,
  user: null,
  pagePaths: ['series', 'add', 'calendar', 'activity', 'wanted', 'system'],
  open: openSonarr,
} satisfies ServiceDefinition<SonarrClient>;
