import { convertToModelMessages, type ModelMessage, type UIMessage } from 'ai';
import type { Message } from '../db/schema.ts';

type Part = UIMessage['parts'][number];
type Turn = UIMessage[];

/** The source of the one answer to a user's message, and of the one continuation after presses: both are unique. */
export const answerSource = (userMessageId: string) => `answer:${userMessageId}`;
export const continuationSource = (assistantMessageId: string) => `continue:${assistantMessageId}`;

export const waitingText = 'Waiting for the person’s press on the card.';
const longestOutput = 6000;

/**
 * What the model gets of a conversation: turns up to the message that is answered now, each answer behind its question,
 * whole turns dropped oldest first until they fit `tokens` (characters / 4). The last turn always stays.
 */
export async function historyFor(
  rows: readonly Message[],
  { upTo, tokens }: { upTo: string; tokens: number },
): Promise<ModelMessage[]> {
  const turns = turnsOf(inOrder(rows), upTo);
  return convertToModelMessages(withinBudget(turns, tokens).flat());
}

/** Rows by time, but every answer and continuation directly behind what it belongs to. */
export function inOrder(rows: readonly Message[]): Message[] {
  const ordered: Message[] = [];
  const endOfGroup = new Map<string, Message>();
  for (const row of rows) {
    const parentId = /^(?:answer|continue):(.+)$/.exec(row.sourceMessageId ?? '')?.[1];
    const last = parentId === undefined ? undefined : endOfGroup.get(parentId);
    if (last === undefined) ordered.push(row);
    else ordered.splice(ordered.indexOf(last) + 1, 0, row);
    endOfGroup.set(row.id, row);
    if (parentId !== undefined) endOfGroup.set(parentId, row);
  }
  return ordered;
}

/** Turns begin with a user's message. What came after the message that is answered now is another turn's. */
function turnsOf(rows: readonly Message[], upTo: string): Turn[] {
  const turns: { ids: string[]; messages: Turn }[] = [];
  for (const row of rows) {
    const parts = row.parts.flatMap((part) => replayable(part) ?? []);
    const current = turns.at(-1);
    if (row.role === 'user' || current === undefined) {
      if (turns.some((turn) => turn.ids.includes(upTo))) break;
      turns.push({ ids: [row.id], messages: [] });
    } else current.ids.push(row.id);
    if (parts.length > 0 && (row.role === 'user' || row.role === 'assistant'))
      turns.at(-1)?.messages.push({ id: row.id, role: row.role, parts });
  }
  return turns.map((turn) => turn.messages);
}

/** The turns that fit, newest first choice. Each is whole, so no call is without its result. */
export function withinBudget(turns: readonly Turn[], tokens: number): Turn[] {
  const kept: Turn[] = [];
  let left = tokens * 4;
  for (const turn of [...turns].reverse()) {
    left -= JSON.stringify(turn).length;
    if (kept.length > 0 && left < 0) break;
    kept.unshift(turn);
  }
  return kept;
}

/** A stored part as it may be sent again; null for what may not. Parts of older versions must not break a chat. */
function replayable(part: Part): Part | null {
  if (part.type === 'text') return part.text === '' ? null : { type: 'text', text: part.text };
  if (part.type === 'step-start') return part;
  if (!('toolCallId' in part) || !part.type.startsWith('tool-')) return null;
  const type: `tool-${string}` = `tool-${part.type.slice('tool-'.length)}`;
  const call = { type, toolCallId: part.toolCallId, input: part.input ?? {} };
  switch (part.state) {
    case 'output-available':
      return { ...call, state: 'output-available', output: shortened(part.output) };
    case 'output-error':
      return { ...call, state: 'output-error', errorText: part.errorText };
    case 'output-denied':
      return { ...call, state: 'output-available', output: { denied: part.approval.reason ?? 'denied' } };
    case 'input-available':
      return { ...call, state: 'output-available', output: { waiting: waitingText } };
    default:
      return null;
  }
}

function shortened(output: unknown): unknown {
  const text = JSON.stringify(output) ?? 'null';
  return text.length <= longestOutput ? output : { shortened: text.slice(0, longestOutput) };
}
