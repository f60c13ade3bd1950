import type { Json } from '../json.ts';
import type { DiscordState, Message } from './state.ts';

/** Puts someone's reaction under a message or takes it back; true when it was put. */
export function toggleReaction(
  state: DiscordState,
  message: Message,
  { emoji, userId }: { emoji: string; userId: string },
): boolean {
  const isThere = message.reactions.get(emoji)?.has(userId) === true;
  setReaction(state, message, { emoji, userId, isThere: !isThere });
  return !isThere;
}

/** Sees to it that someone's reaction is under a message, or is not. */
export function setReaction(
  state: DiscordState,
  message: Message,
  { emoji, userId, isThere }: { emoji: string; userId: string; isThere: boolean },
): void {
  const people = message.reactions.get(emoji) ?? new Set();
  if (isThere) people.add(userId);
  else people.delete(userId);
  if (people.size > 0) message.reactions.set(emoji, people);
  else message.reactions.delete(emoji);
  state.changed();
}

/** The reactions under a message, as Discord sends them. */
export function reactionsPayload(message: Message, meId: string): Json[] {
  return [...message.reactions].map(([name, people]) => ({
    emoji: { id: null, name },
    count: people.size,
    count_details: { burst: 0, normal: people.size },
    me: people.has(meId),
    me_burst: false,
    burst_colors: [],
  }));
}
