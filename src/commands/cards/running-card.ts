import type { ToolCall } from '../../db/schema.ts';
import { sayInEnglish } from '../../messages.ts';
import { pressToolOf } from '../../tools/registry.ts';
import { buttonRow, callId } from './controls.ts';
import { knownTitle } from './known-title.ts';
import { type CardMessage, cardMessage, text, titleFace } from './title-face.ts';

/** The card while its call runs: a slow one can be stopped. Asks nobody. */
export function renderRunningCard(call: ToolCall): CardMessage {
  const busy = pressToolOf(call)?.words.busy;
  const words = `⏳ ${busy === undefined ? 'Working…' : sayInEnglish(busy)}`;
  const title = knownTitle(call);
  const face = title === null ? [text(words)] : titleFace(title, [words]);
  return cardMessage(isSlow(call) ? [...face, buttonRow([{ id: callId(call.id, 'stop'), label: 'Stop' }])] : face);
}

function isSlow(call: ToolCall): boolean {
  return pressToolOf(call)?.slow != null;
}
