import type { ServiceDefinition } from '../service.ts';
import { type JellyfinClient, openJellyfin } from './client.ts';
import { jellyfinWords } from './words.ts';

export const jellyfin = {
  name: 'jellyfin',
  label: 'Jellyfin',
  defaultPort: 8096,
  needsUsername: false,
  secret: 'key',
  words: jellyfinWords,
  user: { question: jellyfinWords.whichUser, isNeeded: true },
  pagePaths: ['web', 'system', 'users'],
  open: openJellyfin,
} satisfies ServiceDefinition<JellyfinClient>;
