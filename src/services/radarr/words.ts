import { messages } from '../../messages.ts';

export const radarrWords = messages('radarr', {
  secret: 'API key',
  secretHint: 'In Radarr: Settings, General, API Key.',
  holds: '{count, plural, one {{count} film} other {{count} films}}, {waiting, plural, other {{waiting} in the queue}}',
  holdsMany: 'more films than can be counted, {waiting, plural, other {{waiting} in the queue}}',
  noSuchTitle: '{label} refused: it knows no film with that id.',
});
