import { messages } from '../../messages.ts';

export const jellyfinWords = messages('jellyfin', {
  secret: 'API key',
  secretHint: 'In Jellyfin: Dashboard, API Keys, “+”.',
  whichUser: 'Which of its users are you?',
  holds: '{films, plural, one {{films} film} other {{films} films}}, {series, plural, other {{series} series}}',
});
