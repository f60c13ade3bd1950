import type { Message } from '../../messages.ts';
import type { ServiceDefinition } from '../service.ts';
import { openSeerr, type SeerrClient } from './client.ts';
import { seerrWords } from './words.ts';

export const jellyseerr = {
  name: 'jellyseerr',
  label: 'Seerr',
  defaultPort: 5055,
  needsUsername: false,
  secret: 'key',
  words: seerrWords,
  user: { question: seerrWords.whichUser, isNeeded: false },
  pagePaths: ['discover', 'requests', 'movie', 'tv', 'users', 'issues', 'setup'],
  failureWords: { forbidden: ({ detail }, { what }) => ({ what, nextStep: whatIsNeeded(detail ?? '') }) },
  open: openSeerr,
} satisfies ServiceDefinition<SeerrClient>;

/** Only Seerr's own words tell which of its rules refused the request. */
function whatIsNeeded(itsWords: string): Message {
  if (/quota/i.test(itsWords)) return seerrWords.waitForQuota;
  if (/bl(ock|ack)list/i.test(itsWords)) return seerrWords.isOnBlocklist;
  if (/csrf/i.test(itsWords)) return seerrWords.switchOffCsrf;
  return seerrWords.askForIt;
}
