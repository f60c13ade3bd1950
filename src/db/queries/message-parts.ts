import { eq } from 'drizzle-orm';
import { ChatSDKError } from '../../errors.ts';
import type { Database } from '../connection.ts';
import { type Message, message, type ToolCall } from '../schema.ts';

type Part = Message['parts'][number];
type SettledState =
  | { state: 'output-available'; output: unknown }
  | { state: 'output-error'; errorText: string }
  | { state: 'output-denied'; approval: { id: string; approved: false; reason: string } };

/**
 * Writes how a call ended into the part of the message that made it, as the AI SDK's tool states. Call it in the
 * transaction that ends the row. Two calls of one message may end at once, so the row is locked while it changes.
 */
export async function settleMessagePart(db: Database, { call }: { call: ToolCall }): Promise<void> {
  const messageId = call.messageId;
  if (messageId === null) return;
  try {
    const [row] = await db
      .select({ parts: message.parts })
      .from(message)
      .where(eq(message.id, messageId))
      .for('update');
    if (row === undefined) return;
    const parts = row.parts.map((part) => (belongsTo(part, call) ? settledPart(part, call) : part));
    await db.update(message).set({ parts, updatedAt: new Date() }).where(eq(message.id, messageId));
  } catch (cause) {
    throw new ChatSDKError('bad_request:database', 'Failed to settle message part', { cause });
  }
}

/** A command's part carries the row's id; the model's carries its own id, which the row's dedupeKey ends with. */
function belongsTo(part: Part, call: ToolCall): boolean {
  if (!('toolCallId' in part)) return false;
  return part.toolCallId === call.id || call.dedupeKey === `${call.messageId}:${part.toolCallId}`;
}

function settledPart(part: Part, call: ToolCall): Part {
  if (!('toolCallId' in part)) return part;
  const { type, toolCallId } = part;
  const named = type === 'dynamic-tool' ? { type, toolName: part.toolName } : { type };
  // A part's type is a template of the tool's name, which only the row knows: the shape is the SDK's own.
  return { ...named, toolCallId, input: call.input, ...settledState(call) };
}

function settledState(call: ToolCall): SettledState {
  switch (call.status) {
    case 'succeeded':
      return {
        state: 'output-available',
        output: call.confirmedBy === 'asked_afterwards' ? foundDone(call) : call.output,
      };
    case 'canceled': {
      const reason =
        call.endedBy === 'expiry' ? 'The card expired before it was pressed.' : 'The person pressed Cancel.';
      return { state: 'output-denied', approval: { id: call.id, approved: false, reason } };
    }
    default:
      return { state: 'output-error', errorText: call.error ?? 'The outcome is not known.' };
  }
}

/** For the model, of a call without an answer: what the server said when it was asked afterwards. */
function foundDone(call: ToolCall): { note: string } {
  return {
    note:
      call.endedBy === 'stop'
        ? 'The person stopped this while it ran. The server was asked afterwards: it had already accepted it, and what it started there continues.'
        : 'The answer was lost. The server was asked afterwards: it was done.',
  };
}
