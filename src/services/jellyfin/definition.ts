import type { ServiceDefinition } from '../service.ts';
import { type JellyfinClient, openJellyfin } from './client.ts';

export const jellyfin = {
  name: 'jellyfin',
  label: 'Jellyfin',
  defaultPort: 8096,
  needsUsername: false,
  secretLabel: 'API key',
  secretHint: 'In Jellyfin: Dashboard, API Keys, “+”.',
  user: { question: 'Which of its users are you?', isNeeded: true },
  pagePaths: ['web', 'system', 'users'],
  open: openJellyfin,
} satisfies ServiceDefinition<JellyfinClient>;
