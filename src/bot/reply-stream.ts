import { randomBytes } from 'node:crypto';
import { DiscordAPIError } from 'discord.js';
import type { Logger } from 'pino';
import { isUnreachable, type Payload, type Sender, type SentMessage } from './reply-sender.ts';
import { splitMessage } from './split-message.ts';

export type ReplyStream = {
  /** The whole text so far. */
  text(full: string): void;
  /** What is being done, in small letters below the text; null when nothing is. */
  activity(line: string | null): void;
  /** Shows exactly `text`, with `buttons` below it, and gives the ids of the messages that do. Never throws: what fails is logged. */
  finish(text: string, buttons?: Buttons): Promise<string[]>;
};

type Buttons = NonNullable<Payload['components']>;

const mostCharacters = 2000;

/**
 * Shows an answer while it comes: by edits at a steady beat of `editMs` milliseconds, never one without a change, so that
 * Discord's limit of about five edits in five seconds a channel holds. Nothing is sent before there was time for a short
 * answer to be whole, so that it is a single message, or one edit of the line that says what is being done. A stream with the
 * nonces of an earlier one goes on with that one's messages, as far as Discord still knows them.
 */
export function createReplyStream({
  sender,
  editMs,
  log,
  nonce,
}: {
  sender: Sender;
  editMs: number;
  log: Logger;
  nonce: (piece: number) => string;
}): ReplyStream {
  const shown: { message: SentMessage; content: string }[] = [];
  const nonces: string[] = [];
  let full = '';
  let line: string | null = null;
  let nextBeat = Date.now() + editMs;
  let timer: NodeJS.Timeout | null = null;
  let writing: Promise<void> = Promise.resolve();
  let isUnreached = false;
  let isFinished = false;

  function changed(): void {
    if (timer !== null || isFinished || isUnreached || !isBehind(picture(full, line))) return;
    timer = setTimeout(beat, Math.max(0, nextBeat - Date.now()));
  }

  async function beat(): Promise<void> {
    writing = show(picture(full, line));
    await writing;
    nextBeat = Date.now() + editMs;
    timer = null;
    changed();
  }

  function isBehind(pieces: readonly string[]): boolean {
    return pieces.some((piece, index) => shown[index]?.content !== piece);
  }

  async function show(pieces: readonly string[], buttons: Buttons = []): Promise<void> {
    try {
      for (const [index, content] of pieces.entries())
        await showPiece(index, content, index === pieces.length - 1 ? buttons : []);
    } catch (error) {
      log.warn({ err: error }, 'an answer could not be shown; the next beat tries again');
    }
  }

  async function showPiece(index: number, content: string, components: Buttons): Promise<void> {
    const there = shown[index];
    if (isUnreached || there?.content === content) return;
    if (there !== undefined) {
      if (await edited(there.message, { content, components })) {
        there.content = content;
        return;
      }
      // Discord would give back the message that is gone.
      nonces[index] = randomBytes(12).toString('hex');
    }
    nonces[index] ??= nonce(index);
    const message = await sender.send({ content, components }, nonces[index]);
    if (message === null) isUnreached = true;
    else if (message.content.trim() === content.trim()) shown[index] = { message, content };
    else await takeOver(index, { message, payload: { content, components } });
  }

  /** A message of a process that was killed becomes this one's. */
  async function takeOver(index: number, { message, payload }: { message: SentMessage; payload: Payload }) {
    shown[index] = { message, content: message.content };
    if (await edited(message, payload)) shown[index] = { message, content: payload.content ?? '' };
  }

  return {
    text(text) {
      if (full === '' && text !== '') nextBeat = Math.max(nextBeat, Date.now() + editMs);
      full = text;
      changed();
    },
    activity(next) {
      line = next;
      changed();
    },
    async finish(text, buttons = []) {
      isFinished = true;
      if (timer !== null) clearTimeout(timer);
      await writing;
      const pieces = splitMessage(text, mostCharacters);
      await show(pieces, buttons);
      // Discord may have failed just now: once more, so that what is seen in the end is what is stored.
      if (isBehind(pieces) && !isUnreached) await show(pieces, buttons);
      return shown.map(({ message }) => message.id);
    },
  };
}

/** What is on screen now: the text, and below it what is being done, where that fits. */
function picture(full: string, line: string | null): string[] {
  const pieces = splitMessage(full, mostCharacters);
  if (line === null) return pieces;
  const last = pieces.pop();
  const small = `-# ${line}…`;
  if (last === undefined) return [small];
  const both = `${last}\n\n${small}`;
  return [...pieces, both.length <= mostCharacters ? both : last];
}

/** False when the message is gone or out of reach, so that it is written anew, where it can be. */
async function edited(message: SentMessage, payload: Payload): Promise<boolean> {
  try {
    await message.edit(payload);
    return true;
  } catch (error) {
    if (isUnreachable(error) || (error instanceof DiscordAPIError && error.code === 10008)) return false;
    throw error;
  }
}
