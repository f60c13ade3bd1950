import type { UIMessage } from 'ai';
import { storableText } from '../db/storable.ts';
import { boundedOutput, boundedText } from '../tools/bounded-output.ts';
import { modelTools } from '../tools/model-tools.ts';
import { isPressToolName } from '../tools/registry.ts';

export type Parts = UIMessage['parts'];

/** The cards that one answer may show. */
export const mostCards = 5;
/** To the model, for a card that is not shown. */
const refusedCardText = `Not shown: an answer may have ${mostCards} cards at most. Ask for the rest once those are settled.`;

/** The last part of an answer that a restart cut off: it can be asked for again. Its words are in whatever language. */
export const cutMark = { type: 'data-cut', data: {} } as const;

/** Whether a stored answer was cut off by a restart. */
export function isCutOff(parts: Parts): boolean {
  return parts.some(({ type }) => type === cutMark.type);
}

/** The text of an answer: what is stored is what is shown. */
export function textOf(parts: Parts): string {
  return joinTexts(parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])));
}

/** Joins several pieces of text. Pieces with only invisible characters are left out. */
export function joinTexts(texts: readonly string[]): string {
  return texts
    .map((text) => text.trim())
    .filter((text) => /[^\p{White_Space}\p{Cf}\p{Cc}]/u.test(text))
    .join('\n\n');
}

/** Whether a part is a call that the person has to press for. */
export function isWaiting(part: Parts[number]): boolean {
  return 'toolCallId' in part && part.state === 'input-available' && isPressToolName(part.type.slice('tool-'.length));
}

/** An answer's parts with each call under its operation's own name, as it is stored, shown and run. */
export function byOperation(parts: Parts): Parts {
  return parts.map((part): Parts[number] => {
    if (!('toolCallId' in part) || part.type === 'dynamic-tool') return part;
    const meant = modelTools.operationOf({ name: part.type.slice('tool-'.length), input: part.input });
    return meant === null ? part : { ...part, type: `tool-${meant.operation.name}`, input: meant.input };
  });
}

/** An answer's parts as they are stored: a call that was cut off before its result says so; an incomplete input is left out. */
export function storedParts(parts: Parts): Parts {
  return parts.flatMap((part): Parts => {
    if (part.type === 'text') return part.text === '' ? [] : [{ type: 'text', text: storableText(part.text) }];
    if (part.type === 'step-start') return [part];
    if (!('toolCallId' in part) || part.state === 'input-streaming') return [];
    const { toolCallId, input } = part;
    const named = part.type === 'dynamic-tool' ? { type: part.type, toolName: part.toolName } : { type: part.type };
    const call = { ...named, toolCallId, input };
    if (part.state === 'output-available') return [{ ...call, state: part.state, output: boundedOutput(part.output) }];
    if (isWaiting(part)) return [{ ...call, state: 'input-available' }];
    const errorText =
      part.state === 'output-error' ? boundedText(part.errorText) : 'The answer was cut off before this ended.';
    // The input was refused by the tool's schema, so its size is not limited yet.
    return [{ ...call, input: boundedOutput(input), state: 'output-error', errorText }];
  });
}

/** The parts with every card over the limit, and every call in `refused` that would be one, turned into a call that failed. */
export function refusedCards(parts: Parts, refused: ReadonlySet<string>): { parts: Parts; leftOut: number } {
  let [cards, leftOut] = [0, 0];
  const kept = parts.map((part): Parts[number] => {
    if (!isWaiting(part) || !('toolCallId' in part) || part.type === 'dynamic-tool') return part;
    if (!refused.has(part.toolCallId) && cards < mostCards) {
      cards++;
      return part;
    }
    leftOut++;
    const { type, toolCallId, input } = part;
    return { type, toolCallId, input, state: 'output-error', errorText: refusedCardText };
  });
  return { parts: kept, leftOut };
}

/** The parts with at most `longest` characters of text in all. */
export function withTexts(parts: Parts, longest: number): Parts {
  let left = longest;
  return parts.flatMap((part): Parts => {
    if (part.type !== 'text') return [part];
    if (left <= 0) return [];
    const text = boundedText(part.text, left);
    left -= part.text.length;
    return [{ type: 'text', text }];
  });
}
