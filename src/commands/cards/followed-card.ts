import { z } from 'zod';
import type { Card, ToolCall } from '../../db/schema.ts';
import { messages, type Say } from '../../messages.ts';
import type { TimeLimits } from '../../time-limits.ts';
import { Downloads, isOver, justState, type Progress, progressSchema } from '../../tools/progress.ts';
import { pressToolOf } from '../../tools/registry.ts';
import type { Stack } from '../../tools/stack.ts';
import { buttonRow, callId, controlMessages } from './controls.ts';
import { endWords } from './ended-card.ts';
import { progressWords } from './progress-words.ts';
import { type CardMessage, cardMessage, text, titleFace } from './title-face.ts';

export const followedMessages = messages('followed_cards', {
  requested: '-# Requested: {subject}',
  stopped: 'Progress updates have stopped: {server} is no longer set up.',
  notYet: '⌛ It is not available yet; {server} keeps looking.',
  noLonger: 'This message is no longer updated: ask me, or use `/downloads`.',
  theServer: 'the server',
});

/** What is kept of a message that shows how a request comes on (`Card.watchState`). Moments are milliseconds since 1970. */
const followedSchema = z.object({
  /** By whose right the message is edited: the bot's, or an interaction's where the bot is no member. */
  way: z.enum(['bot', 'token']),
  title: z.object({ title: z.string(), year: z.number().nullable(), posterUrl: z.string().nullable() }).nullable(),
  /** The line that says who asked, where the message stands for itself. */
  signature: z.string().nullable(),
  since: z.number(),
  /** When the title itself was last asked for. */
  lookedAt: z.number(),
  editedAt: z.number(),
  /** Until when an interaction's token may edit. */
  editsUntil: z.number(),
  offersRefresh: z.boolean(),
  /** Looks in a row that found nothing new. */
  quiet: z.number(),
  /** The words that the message shows. */
  shown: z.string(),
  progress: progressSchema.nullable(),
});
export type Followed = z.output<typeof followedSchema>;

/** The longest pause between two looks at a request that finds nothing new, in looks, by whether something moves. */
const slowest = { moving: 4, still: 20 };
/** Someone may approve at any moment and then looks here: so many looks in a row are not slowed down, later ones a little. */
const approval = { prompt: 120, slowest: 4 };
/** In looks: how often the title itself is asked for while its downloads tell of no change. */
const thoroughEvery = 4;

/** What the row keeps; null when it is of another version. */
export function readFollowed(card: Pick<Card, 'watchState'>): Followed | null {
  const parsed = followedSchema.safeParse(card.watchState);
  return parsed.success ? parsed.data : null;
}

/** Whether something comes of a call after it has run. */
export function isFollowable(call: ToolCall): boolean {
  return call.status === 'succeeded' && pressToolOf(call)?.progress?.comesOf(call.output) === true;
}

/** Looks how far a call has come; null when nothing comes of it. Throws ServiceError, UserError. */
export async function look(
  stack: Stack,
  call: ToolCall,
  options: { signal: AbortSignal; followed: Followed; limits: TimeLimits; downloads?: Downloads; now: number },
): Promise<Followed | null> {
  const following = pressToolOf(call)?.progress ?? null;
  if (following === null) return null;
  const { signal, followed, limits, now } = options;
  const isThorough = now - followed.lookedAt >= thoroughEvery * limits.progressMs;
  const progress = await following.look(stack, call.input, {
    signal,
    before: followed.progress,
    isThorough,
    downloads: options.downloads ?? new Downloads(stack, { signal }),
    output: call.output,
  });
  if (progress === null) return null;
  return { ...followed, progress, lookedAt: isThorough ? now : followed.lookedAt };
}

/** What the message is to say now. */
export function wordsOf(
  call: ToolCall,
  followed: Followed,
  { limits, now, say }: { limits: TimeLimits; now: number; say: Say },
): string {
  const progress = followed.progress ?? justState('searching');
  if (!isOver(progress) && now - followed.since >= limits.followMs) return tooLongWords(call, progress, say);
  const isLong = now - followed.since >= slowest.still * limits.progressMs;
  const words = progressWords(progress, serverOf(call, say), { say, isLong });
  if (words === null) return endWords(call, say);
  // The first words named the seasons; who reads the later ones wants to know them too.
  const subject = pressToolOf(call)?.progress?.subject(call.output, say) ?? '';
  return subject === '' ? words : `${words}\n${say(followedMessages.requested, { subject })}`;
}

/** Whether this was the last look. */
export function hasEnded({ progress, since }: Followed, { limits, now }: { limits: TimeLimits; now: number }): boolean {
  return (progress !== null && isOver(progress)) || now - since >= limits.followMs;
}

/** Milliseconds until the next look: the longer nothing changes, the longer. Approval is noticed soon, also after a long wait. */
export function nextLook(
  { progress, quiet }: Pick<Followed, 'progress' | 'quiet'>,
  { progressMs }: Pick<TimeLimits, 'progressMs'>,
): number {
  if (progress?.state === 'waiting_for_approval') return progressMs * (quiet < approval.prompt ? 1 : approval.slowest);
  const isMoving = progress !== null && ['downloading', 'importing'].includes(progress.state);
  return progressMs * Math.min(2 ** Math.min(quiet, 10), isMoving ? slowest.moving : slowest.still);
}

/** The message as it is to be now. */
export function renderFollowed(
  call: ToolCall,
  { title, signature, offersRefresh }: Followed,
  { words, say }: { words: string; say: Say },
): CardMessage {
  const lines = signature === null ? [words] : [words, signature];
  const face = title === null ? [text(lines.join('\n'))] : titleFace(title, say, lines);
  return cardMessage(
    offersRefresh
      ? [...face, buttonRow([{ id: callId(call.id, 'refresh'), label: say(controlMessages.refresh) }])]
      : face,
  );
}

/** For a service that is not there any more. */
export function unfollowedWords(call: ToolCall, say: Say): string {
  return `${endWords(call, say)}\n${say(followedMessages.stopped, { server: serverOf(call, say) })}`;
}

function tooLongWords(call: ToolCall, { state, problem }: Progress, say: Say): string {
  const server = serverOf(call, say);
  const where =
    state === 'stuck' && problem !== null ? progressWords(justState('stuck', { problem }), server, { say }) : null;
  return `${where ?? say(followedMessages.notYet, { server })}\n${say(followedMessages.noLonger)}`;
}

function serverOf(call: ToolCall, say: Say): string {
  return pressToolOf(call)?.serverOf(call.input) ?? say(followedMessages.theServer);
}
