import { renderMessage } from './render.ts';
import type { DiscordState } from './state.ts';

/** The wait for what should come at once, in milliseconds: nobody waits for as long unless it never comes, and a busy machine takes its time. */
export const patienceMs = 30_000;

/** Resolves with what `look` finds, looking again after every change; throws what it throws, or after `limitMs`. */
export async function until<Found>(
  state: DiscordState,
  look: () => Found | null | false | undefined,
  limitMs = patienceMs,
): Promise<Found> {
  const waiting = Promise.withResolvers<Found>();
  const check = () => {
    try {
      const found = look();
      if (found !== null && found !== false && found !== undefined) waiting.resolve(found);
    } catch (error) {
      waiting.reject(error);
    }
  };
  const giveUp = () => {
    const last = [...state.messages.values()].slice(-3).map((message) => renderMessage(state, message));
    waiting.reject(new Error(`nothing came within ${limitMs} ms; the newest messages:\n${last.join('\n')}`));
  };
  const limit = setTimeout(giveUp, limitMs);
  // Some things end by time alone, such as an interaction that nobody answers, or show elsewhere, such as in a log.
  const beat = setInterval(check, 100);
  state.changes.on('change', check);
  check();
  try {
    return await waiting.promise;
  } finally {
    clearTimeout(limit);
    clearInterval(beat);
    state.changes.off('change', check);
  }
}
