/**
 * What a conversation keeps of `/services` where nobody was shown the same words: for the model alone, which reads English. Whatever
 * people read is a message.
 */
export const recordedWords = {
  shown: (services: readonly { label: string; isEnabled: boolean }[]) =>
    `Shown: ${services.map(({ label, isEnabled }) => `${label} (${isEnabled ? 'on' : 'off'})`).join(', ')}.`,
  works: (label: string) => `${label} was set up and works.`,
  notSaved: (reason: string) => `Not saved: ${reason}`,
  savedAnyway: (label: string) => `${label} was saved without a working connection.`,
  askedToRemove: (label: string) => `Asked whether ${label} is to be removed.`,
};
