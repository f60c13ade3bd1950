import type { ServiceDefinition } from '../service.ts';
import { openSeerr, type SeerrClient } from './client.ts';

export const jellyseerr = {
  name: 'jellyseerr',
  label: 'Seerr',
  defaultPort: 5055,
  needsUsername: false,
  secretLabel: 'API key',
  secretHint: 'In Seerr or Jellyseerr: Settings, General, API Key.',
  user: {
    question: 'Which of its users are you? Without a choice, you request as the key’s owner, and need no approval.',
    isNeeded: false,
  },
  pagePaths: ['discover', 'requests', 'movie', 'tv', 'users', 'issues', 'setup'],
  open: openSeerr,
} satisfies ServiceDefinition<SeerrClient>;
