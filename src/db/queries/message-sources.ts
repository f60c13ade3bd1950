/** What `sourceMessageId` holds of a message of the bot's: unique, so that each is answered once. Of a person's it is Discord's id. */
export const answerSource = (userMessageId: string) => `answer:${userMessageId}`;
export const continuationSource = (assistantMessageId: string) => `continue:${assistantMessageId}`;

/** The id of the message that one with this source answers or continues. Null for a person's. */
export function answeredId(sourceMessageId: string | null): string | null {
  return /^(?:answer|continue):(.+)$/.exec(sourceMessageId ?? '')?.[1] ?? null;
}
