import { messages } from '../../messages.ts';

export const seerrWords = messages('jellyseerr', {
  secret: 'API key',
  secretHint: 'In Seerr or Jellyseerr: Settings, General, API Key.',
  whichUser: 'Which of its users are you? Without a choice, you request as the key’s owner, and need no approval.',
  holds:
    '{total, plural, one {{total} request} other {{total} requests}}, {pending, plural, other {{pending} waiting for approval}}',
  namelessUser: 'User {id}',
  noPermission: '{label} does not allow this: that user has no permission for this.',
  userIsGone: '{label} refused: the user you chose no longer exists. Choose another with /services configure.',
  approvedStays: '{label} does not allow this: only users who manage requests may remove an approved one.',
  waitForQuota: 'Wait until the quota allows more, or ask whoever runs Seerr.',
  isOnBlocklist: 'Whoever runs Seerr can remove it from that list.',
  switchOffCsrf: 'Switch off “Enable CSRF Protection” in Seerr’s network settings.',
  askForIt: 'Ask whoever runs Seerr to allow it or do it for you.',
});
