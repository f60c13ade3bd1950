import { convertToModelMessages, type ModelMessage, type UIMessage } from 'ai';
import { isJoined } from '../db/queries/joined-messages.ts';
import { answeredId } from '../db/queries/message-sources.ts';
import type { SaidMessage } from '../db/queries/messages.ts';
import { replayable } from './replayable.ts';

type Turn = UIMessage[];

/** How many bytes of a look-up's result the model gets again; the smaller ones if the last turn alone is over the budget. */
const longestOutputs = [6000, 1500, 400, 100] as const;

/**
 * The part of a conversation that the model gets: turns up to the message that is answered now, each answer after its question.
 * Whole turns are dropped, the oldest first, until the rest fits `tokens` (characters / 4). The last turn is always kept; if
 * necessary, the results of its look-ups are shortened.
 */
export async function historyFor(
  rows: readonly SaidMessage[],
  { upTo, tokens }: { upTo: string; tokens: number },
): Promise<ModelMessage[]> {
  const ordered = inOrder(rows);
  let turns: Turn[] = [];
  for (const longestOutput of longestOutputs) {
    turns = turnsOf(ordered, { upTo, longestOutput });
    if (sizeOf(turns.at(-1) ?? []) <= tokens * 4) break;
  }
  return convertToModelMessages(withinBudget(turns, tokens).flat());
}

/** Rows by time, but every answer and continuation directly after the message it belongs to. */
export function inOrder(rows: readonly SaidMessage[]): SaidMessage[] {
  const ordered: SaidMessage[] = [];
  const endOfGroup = new Map<string, SaidMessage>();
  for (const row of rows) {
    const parentId = answeredId(row.sourceMessageId);
    const last = parentId === null ? undefined : endOfGroup.get(parentId);
    if (last === undefined) ordered.push(row);
    else ordered.splice(ordered.indexOf(last) + 1, 0, row);
    endOfGroup.set(row.id, row);
    if (parentId !== null) endOfGroup.set(parentId, row);
  }
  return ordered;
}

/**
 * Turns begin with a user's message, or with several that are answered together. What came after the message that is answered now is
 * another turn's.
 */
function turnsOf(rows: readonly SaidMessage[], options: { upTo: string; longestOutput: number }): Turn[] {
  const turns: { ids: string[]; messages: Turn }[] = [];
  let goesOn = false;
  for (const row of rows) {
    let current = turns.at(-1);
    if ((row.role === 'user' && !goesOn) || current === undefined) {
      if (turns.some((turn) => turn.ids.includes(options.upTo))) break;
      current = { ids: [], messages: [] };
      turns.push(current);
    }
    if (row.role === 'user') goesOn = isJoined(row.parts);
    current.ids.push(row.id);
    const message = messageOf(row, options.longestOutput);
    if (message !== null) current.messages.push(message);
  }
  return turns.map((turn) => turn.messages).filter((messages) => messages.length > 0);
}

function messageOf(row: SaidMessage, longestOutput: number): UIMessage | null {
  const stored: unknown = row.parts;
  const parts = (Array.isArray(stored) ? stored : []).flatMap((part) => replayable(part, longestOutput) ?? []);
  if (row.role === 'assistant') return parts.length === 0 ? null : { id: row.id, role: row.role, parts };
  if (row.role !== 'user') return null;
  const texts = parts.filter((part) => part.type === 'text');
  const files = filesOf(row);
  // A mention alone, or a picture alone, is a message too; without any text the question would be missing.
  if (files !== '') texts.push({ type: 'text', text: `(Attached, and not readable for you: ${files})` });
  if (texts.length === 0) texts.push({ type: 'text', text: '(The person called you without a word.)' });
  return { id: row.id, role: row.role, parts: texts };
}

function filesOf(row: SaidMessage): string {
  const stored: unknown = row.attachments;
  const names = (Array.isArray(stored) ? stored : []).flatMap((file: unknown) =>
    typeof file === 'object' && file !== null && 'name' in file ? [String(file.name).slice(0, 100)] : [],
  );
  return names.slice(0, 10).join(', ');
}

/** The newest turns that fit. Turns are never split, so no call is without its result. */
export function withinBudget(turns: readonly Turn[], tokens: number): Turn[] {
  const kept: Turn[] = [];
  let left = tokens * 4;
  for (const turn of [...turns].reverse()) {
    left -= sizeOf(turn);
    if (kept.length > 0 && left < 0) break;
    kept.unshift(turn);
  }
  return kept;
}

function sizeOf(turn: Turn): number {
  return JSON.stringify(turn).length;
}
