import type { Message } from 'discord.js';
import type { ToolCall } from '../../db/schema.ts';
import { sayInEnglish } from '../../messages.ts';
import { pressToolOf } from '../../tools/registry.ts';
import { buttonRow, callId } from './controls.ts';
import { knownTitle } from './known-title.ts';
import { type CardMessage, cardMessage, text, titleFace } from './title-face.ts';

/** The card while its call runs: a slow one can be stopped. Asks nobody. */
export function renderRunningCard(call: ToolCall): CardMessage {
  const words = busyWords(call);
  const title = knownTitle(call);
  const face = title === null ? [text(words)] : titleFace(title, [words]);
  return cardMessage(isSlow(call) ? [...face, buttonRow([{ id: callId(call.id, 'stop'), label: 'Stop' }])] : face);
}

/** Whether a message that Discord gave shows a call as waiting for its press or as running, and not how it ended. */
export function isUnfinished({ components }: Pick<Message, 'components'>, call: ToolCall): boolean {
  const shown = components.map((component) => JSON.stringify(component)).join('\n');
  return shown.includes(callId(call.id)) || shown.includes(busyWords(call));
}

function busyWords(call: ToolCall): string {
  const busy = pressToolOf(call)?.words.busy;
  return `⏳ ${busy === undefined ? 'Working…' : sayInEnglish(busy)}`;
}

function isSlow(call: ToolCall): boolean {
  return pressToolOf(call)?.slow != null;
}
