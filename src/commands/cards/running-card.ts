import type { ToolCall } from '../../db/schema.ts';
import { messages, type Say } from '../../messages.ts';
import { pressToolOf } from '../../tools/registry.ts';
import { buttonRow, callId, controlMessages } from './controls.ts';
import { knownTitle } from './known-title.ts';
import { type CardMessage, cardMessage, text, titleFace } from './title-face.ts';

export const runningMessages = messages('running_cards', { busy: 'Working…' });

/** The card while its call runs: a slow one can be stopped. Asks nobody. */
export function renderRunningCard(call: ToolCall, say: Say): CardMessage {
  const busy = pressToolOf(call)?.words.busy;
  const words = `⏳ ${say(busy ?? runningMessages.busy)}`;
  const title = knownTitle(call, say);
  const face = title === null ? [text(words)] : titleFace(title, say, [words]);
  return cardMessage(
    isSlow(call) ? [...face, buttonRow([{ id: callId(call.id, 'stop'), label: say(controlMessages.stop) }])] : face,
  );
}

function isSlow(call: ToolCall): boolean {
  return pressToolOf(call)?.slow != null;
}
