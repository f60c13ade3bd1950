import { messages } from '../../messages.ts';

export const sonarrWords = messages('sonarr', {
  secret: 'API key',
  secretHint: 'In Sonarr: Settings, General, API Key.',
  holds: '{count, plural, other {{count} series}}, {waiting, plural, other {{waiting} in the queue}}',
  holdsMany: 'more series than can be counted, {waiting, plural, other {{waiting} in the queue}}',
  noSuchTitle: '{label} refused: it knows no series with that id.',
});
