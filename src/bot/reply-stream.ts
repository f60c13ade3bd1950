import { randomBytes } from 'node:crypto';
import { DiscordAPIError } from 'discord.js';
import type { Logger } from 'pino';
import { TakenOverError } from '../errors.ts';
import { isUnreachable, type Payload, type Sender, type SentMessage } from './reply-sender.ts';
import { splitMessage } from './split-message.ts';

export type ReplyStream = {
  /** `keep` is awaited before words of an unfinished answer are shown; when it throws, they are not shown. */
  beforeText(keep: (full: string) => Promise<void>): void;
  /** The whole text so far. */
  text(full: string): void;
  /** What is being done, in small letters below the text; null when nothing is. */
  activity(line: string | null): void;
  /** Shows `text` and nothing else, with `buttons` below it, and gives the ids of the messages that do. Never throws: what fails is logged. */
  finish(text: string, buttons?: Buttons): Promise<string[]>;
};

type Buttons = NonNullable<Payload['components']>;

const mostCharacters = 2000;

/**
 * Shows an answer while it comes: by edits at a steady beat of `editMs` milliseconds, never one without a change, so that
 * Discord's limit of about five edits in five seconds a channel holds. The first words are shown `firstWordsMs` after they came,
 * if that is sooner and Discord's limit for the whole bot has room (else the answer would be whole later): an answer that is whole by
 * then is a single message. A stream with the nonces of an earlier one goes on with
 * that one's messages, as far as Discord still knows them.
 */
export function createReplyStream({
  sender,
  editMs,
  firstWordsMs = editMs,
  hasRoom = () => true,
  log,
  nonce,
  shownAs = (text) => text,
}: {
  sender: Sender;
  editMs: number;
  firstWordsMs?: number;
  hasRoom?: () => boolean;
  log: Logger;
  /** Turns a text into what is shown. Called only when the message is edited. */
  shownAs?: (text: string) => string;
  nonce: (piece: number) => string;
}): ReplyStream {
  const shown: { message: SentMessage; content: string }[] = [];
  const nonces: string[] = [];
  let full = '';
  let line: string | null = null;
  let nextBeat = Date.now() + editMs;
  /** When the first words are to be shown; 0 once they have been, or cannot be so soon. */
  let wordsBeat = 0;
  let timer: NodeJS.Timeout | null = null;
  let isWriting = false;
  let writing: Promise<void> = Promise.resolve();
  let isUnreached = false;
  let isFinished = false;
  let isTakenOver = false;
  let keep: (full: string) => Promise<void> = () => Promise.resolve();

  function changed(): void {
    if (timer !== null || isFinished || isTakenOver || isUnreached) return;
    if (!isBehind(picture(shownAs(full), line))) return;
    timer = setTimeout(beat, Math.max(0, nextBeat - Date.now()));
  }

  /** The first words do not wait until the activity line may be edited again. */
  function hasten(): void {
    wordsBeat = Date.now() + Math.min(firstWordsMs, editMs);
    nextBeat = wordsBeat;
    if (timer === null || isWriting) return;
    clearTimeout(timer);
    timer = null;
  }

  async function beat(): Promise<void> {
    const words = full;
    if (words !== '' && wordsBeat > 0 && !hasRoom()) return postpone();
    wordsBeat = 0;
    isWriting = true;
    const keeping = () => (words === '' ? Promise.resolve() : keep(words));
    writing = show(picture(shownAs(words), line), { keeping });
    await writing;
    isWriting = false;
    nextBeat = wordsBeat > 0 ? wordsBeat : Date.now() + editMs;
    timer = null;
    changed();
  }

  function postpone(): void {
    wordsBeat = 0;
    nextBeat = Date.now() + Math.max(0, editMs - firstWordsMs);
    timer = null;
    changed();
  }

  function isBehind(pieces: readonly string[]): boolean {
    return pieces.some((piece, index) => shown[index]?.content !== piece);
  }

  async function show(
    pieces: readonly string[],
    { buttons = [], keeping }: { buttons?: Buttons; keeping?: () => Promise<void> } = {},
  ): Promise<void> {
    try {
      await keeping?.();
      for (const [index, content] of pieces.entries())
        await showPiece(index, content, index === pieces.length - 1 ? buttons : []);
    } catch (error) {
      // The process that has taken it over shows it.
      if (error instanceof TakenOverError) isTakenOver = true;
      else log.warn({ err: error }, 'an answer could not be shown; the next beat tries again');
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
    beforeText(next) {
      keep = next;
    },
    text(text) {
      const isFirst = full === '' && text !== '';
      full = text;
      if (isFirst) hasten();
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
      const pieces = splitMessage(shownAs(text), mostCharacters);
      await show(pieces, { buttons });
      // If Discord failed, try once more, so that what is shown in the end is what is stored.
      if (isBehind(pieces) && !isUnreached && !isTakenOver) await show(pieces, { buttons });
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

/** False when the message is gone or cannot be reached: then it is sent again where possible. */
async function edited(message: SentMessage, payload: Payload): Promise<boolean> {
  try {
    await message.edit(payload);
    return true;
  } catch (error) {
    if (isUnreachable(error) || (error instanceof DiscordAPIError && error.code === 10008)) return false;
    throw error;
  }
}
