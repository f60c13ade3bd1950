import type { UIMessage } from 'ai';
import { storableText } from '../db/storable.ts';
import { isPressToolName } from '../tools/registry.ts';

export type Parts = UIMessage['parts'];

/** The text of an answer: what is stored is what is shown. */
export function textOf(parts: Parts): string {
  return joinTexts(parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])));
}

/** Several stretches of text as one. Marks that show nothing do not count as text. */
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

/** An answer's parts as they are stored: a call that was cut off before its result says so, half an input is left out. */
export function storedParts(parts: Parts): Parts {
  return parts.flatMap((part): Parts => {
    if (part.type === 'text') return part.text === '' ? [] : [{ type: 'text', text: storableText(part.text) }];
    if (part.type === 'step-start') return [part];
    if (!('toolCallId' in part) || part.state === 'input-streaming') return [];
    const { toolCallId, input } = part;
    const named = part.type === 'dynamic-tool' ? { type: part.type, toolName: part.toolName } : { type: part.type };
    const call = { ...named, toolCallId, input };
    if (part.state === 'output-available') return [{ ...call, state: part.state, output: part.output }];
    if (part.state === 'output-error') return [{ ...call, state: part.state, errorText: part.errorText }];
    if (isWaiting(part)) return [{ ...call, state: 'input-available' }];
    return [{ ...call, state: 'output-error', errorText: 'The answer was cut off before this ended.' }];
  });
}
