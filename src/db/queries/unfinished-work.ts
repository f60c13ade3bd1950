import { and, eq, exists, gt, inArray, isNotNull, lt, not, type SQL, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { Database } from '../connection.ts';
import { failingAs } from '../failing-as.ts';
import { card, message, stream, type ToolCall, toolCall } from '../schema.ts';
import { isJoinedInto } from './joined-messages.ts';
import { answerSource, continuationSource } from './message-sources.ts';

/**
 * From when to when: `withinMs` milliseconds back, and no younger than `quietMs`, as the process that began it may still work on it; or,
 * where that process is known to be dead, from before a moment.
 */
export type Span = { withinMs: number } & ({ quietMs: number } | { before: Date });
/** `of`: only calls that these processes ran last. */
export type CallSpan = Span & { of?: readonly string[] };

const ago = (milliseconds: number) => sql<Date>`now() - make_interval(secs => ${milliseconds / 1000})`;
const other = alias(message, 'other');
const mostAtOnce = 50;

/** What people said that nobody has answered and nobody is answering, oldest first. */
export async function getUnansweredMessages(
  db: Database,
  span: Span,
): Promise<{ messageId: string; chatId: string }[]> {
  return failingAs('Failed to get unanswered messages', () =>
    db
      .select({ messageId: message.id, chatId: message.chatId })
      .from(message)
      .where(
        and(
          eq(message.role, 'user'),
          isNotNull(message.sourceMessageId),
          between(message.createdAt, span),
          not(isJoinedInto(message.parts)),
          not(exists(answerOf(db, sql`${answerSource('')} || ${message.id}`))),
          not(exists(liveTurn(db, message.chatId))),
        ),
      )
      .orderBy(message.position)
      .limit(mostAtOnce),
  );
}

/**
 * Answers whose calls have all ended after a press, and behind which nobody has gone on or is going on. An expired call is no
 * reason to; and with a later message of the person the model has learned of the end already.
 */
export async function getUncontinuedAnswers(
  db: Database,
  span: CallSpan,
): Promise<{ messageId: string; chatId: string }[]> {
  const sibling = alias(toolCall, 'sibling');
  return failingAs('Failed to get answers to go on with', () =>
    db
      .selectDistinct({ messageId: message.id, chatId: message.chatId })
      .from(toolCall)
      .innerJoin(message, eq(message.id, toolCall.messageId))
      .where(
        and(
          ended,
          between(toolCall.finishedAt, span),
          ranBy(span),
          eq(toolCall.origin, 'model'),
          sql`${toolCall.endedBy} is distinct from 'expiry'`,
          not(exists(answerOf(db, sql`${continuationSource('')} || ${message.id}`))),
          not(
            exists(
              db
                .select({ id: sibling.id })
                .from(sibling)
                .where(and(eq(sibling.messageId, message.id), inArray(sibling.status, ['queued', 'running']))),
            ),
          ),
          not(
            exists(
              db
                .select({ id: other.id })
                .from(other)
                .where(
                  and(
                    eq(other.chatId, message.chatId),
                    eq(other.role, 'user'),
                    gt(other.position, message.position),
                    gt(other.createdAt, toolCall.finishedAt),
                  ),
                ),
            ),
          ),
          not(exists(liveTurn(db, message.chatId))),
        ),
      )
      .limit(mostAtOnce),
  );
}

/** Calls that have ended while a message still shows them as waiting or running. */
export async function getUnshownCalls(db: Database, span: CallSpan): Promise<ToolCall[]> {
  return failingAs('Failed to get calls to show', () =>
    db
      .select()
      .from(toolCall)
      .where(
        and(
          ended,
          between(toolCall.finishedAt, span),
          ranBy(span),
          exists(
            db
              .select({ id: card.id })
              .from(card)
              .where(and(eq(card.toolCallId, toolCall.id), eq(card.shows, 'call'))),
          ),
        ),
      )
      .orderBy(toolCall.finishedAt)
      .limit(mostAtOnce),
  );
}

const ended = inArray(toolCall.status, ['succeeded', 'failed', 'timeout', 'canceled']);

function between(moment: typeof message.createdAt | typeof toolCall.finishedAt, span: Span) {
  const until = 'before' in span ? lt(moment, span.before) : lt(moment, ago(span.quietMs));
  return and(until, gt(moment, ago(span.withinMs)));
}

function ranBy({ of }: CallSpan) {
  return of === undefined ? undefined : inArray(toolCall.claimedBy, [...of]);
}

function answerOf(db: Database, source: SQL) {
  return db.select({ id: other.id }).from(other).where(eq(other.sourceMessageId, source));
}

function liveTurn(db: Database, chatId: typeof message.chatId) {
  return db
    .select({ id: stream.id })
    .from(stream)
    .where(and(eq(stream.chatId, chatId), gt(stream.leaseUntil, sql`now()`)));
}
