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
  failureWords: { forbidden: ({ detail }, { what }) => ({ what, nextStep: whatIsNeeded(detail ?? '') }) },
  open: openSeerr,
} satisfies ServiceDefinition<SeerrClient>;

/** Only Seerr's own words tell which of its rules refused the request. */
function whatIsNeeded(words: string): string {
  if (/quota/i.test(words)) return 'Wait until the quota allows more, or ask whoever runs Seerr.';
  if (/bl(ock|ack)list/i.test(words)) return 'Whoever runs Seerr can remove it from that list.';
  if (/csrf/i.test(words)) return 'Switch off “Enable CSRF Protection” in Seerr’s network settings.';
  return 'Ask whoever runs Seerr to allow it or do it for you.';
}
