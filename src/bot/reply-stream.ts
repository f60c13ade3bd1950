import { DiscordAPIError } from 'discord.js';
import type { Logger } from 'pino';
import type { Sender, SentMessage } from './reply-sender.ts';
import { splitMessage } from './split-message.ts';

export type ReplyStream = {
  text(full: string): void;
  activity(line: string | null): void;
  /** Shows exactly `text` and gives the ids of the messages that do. Never throws: what fails is logged. */
  finish(text: string): Promise<string[]>;
};

/**
 * Shows an answer while it comes: by edits at a steady beat of `editMs` milliseconds, never one without a change, so that
 * Discord's limit of about five edits in five seconds a channel holds. A short answer is a single message.
 */
export function createReplyStream({
  sender,
  editMs,
  log,
}: {
  sender: Sender;
  editMs: number;
  log: Logger;
}): ReplyStream {
  const shown: { message: SentMessage; content: string }[] = [];
  let full = '';
  let activity: string | null = null;
  let writing: Promise<void> = Promise.resolve();
  let unreachable = false;

  async function show(pieces: readonly string[]): Promise<void> {
    for (const [index, content] of pieces.entries()) {
      const there = shown[index];
      if (unreachable || there?.content === content) continue;
      if (there !== undefined && (await edited(there.message, content))) {
        there.content = content;
        continue;
      }
      const message = await sender.send({ content });
      if (message === null) unreachable = true;
      else shown[index] = { message, content };
    }
  }

  /** False when the message is gone, so that it is written anew. */
  async function edited(message: SentMessage, content: string): Promise<boolean> {
    try {
      await message.edit({ content });
      return true;
    } catch (error) {
      if (error instanceof DiscordAPIError && error.code === 10008) return false;
      throw error;
    }
  }

  function write(pieces: readonly string[]): Promise<void> {
    writing = writing
      .then(() => show(pieces))
      .catch((error: unknown) => {
        log.warn({ err: error }, 'an answer could not be shown; the next beat tries again');
      });
    return writing;
  }

  let busy = false;
  const beat = setInterval(() => {
    const line = activity === null ? '' : `-# ${activity}…`;
    const pieces = splitMessage([full, line].filter((part) => part !== '').join('\n\n'));
    if (busy || pieces.length === 0) return;
    busy = true;
    write(pieces).finally(() => {
      busy = false;
    });
  }, editMs);

  return {
    text: (text) => {
      full = text;
    },
    activity: (line) => {
      activity = line;
    },
    async finish(text) {
      clearInterval(beat);
      const pieces = splitMessage(text);
      await write(pieces);
      // A beat or Discord may have failed just now: once more, so that the last edit is what is stored.
      if (pieces.some((piece, index) => shown[index]?.content !== piece) && !unreachable) await write(pieces);
      return shown.map(({ message }) => message.id);
    },
  };
}
