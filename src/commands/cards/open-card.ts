import type { ChatInputCommandInteraction } from 'discord.js';
import { saveParts } from '../../db/queries/messages.ts';
import type { Message, ToolCall } from '../../db/schema.ts';
import { messages, sayInEnglish } from '../../messages.ts';
import { queueToolCall } from '../../tools/ledger.ts';
import type { LoadedCall } from '../../tools/preview.ts';
import type { PressToolName } from '../../tools/registry.ts';
import type { Stack } from '../../tools/stack.ts';
import type { CommandContext } from '../command.ts';
import { saveExchange } from '../save-exchange.ts';
import { renderSettledCard } from './ended-card.ts';
import { loadedCards } from './loaded-cards.ts';
import { operationCard } from './operation-card.ts';
import { rememberCard } from './remember-card.ts';
import { requestDefaultsOf } from './request-defaults.ts';
import { oneLine } from './server-text.ts';
import type { CardInteraction } from './surface.ts';

type Parts = Message['parts'];

/** What the conversation keeps of it, for the model. */
export const openMessages = messages('opened_cards', { shown: 'Shown: the card of {name}, to be pressed.' });

/** What a card is opened for: a tool, its input so far, and what the server said of the title. */
export type Opening = {
  toolName: PressToolName;
  input: unknown;
  /** With the server that it would act on. */
  stack: Stack;
  loaded: LoadedCall;
  /** What the person did, in words for the conversation: "/request movie title: Dune (2021)". */
  commandText: string;
  /** What came of it before the card: a search that was shown, for one. */
  partsBefore?: Parts | undefined;
  /** Opening it twice for the same reason gives the same call. */
  dedupeKey: string;
};

/**
 * Queues a call for the person's press, shows its card as the answer to the interaction, and saves both in the
 * conversation, so that the next sentence can refer to it.
 */
export async function openCard(
  context: CommandContext,
  interaction: ChatInputCommandInteraction | CardInteraction,
  opening: Opening,
): Promise<void> {
  const call = await queueForPress(context, interaction, opening);
  // Opened twice for one reason, and ended since: its end is shown, and nothing waits again.
  if (call.status !== 'queued') {
    await interaction.editReply(await renderSettledCard(context, call, context.say));
    return;
  }
  const shown = await interaction.editReply(operationCard(call, opening.loaded, { say: context.say }));
  await rememberCard(context, call, interaction, shown);
}

/** Queues the call of a card and saves it in the conversation. Gives the earlier call when it was opened before. */
export async function queueForPress(
  context: CommandContext,
  interaction: ChatInputCommandInteraction | CardInteraction,
  { toolName, input, stack, loaded, commandText, partsBefore = [], dedupeKey }: Opening,
): Promise<ToolCall> {
  const { title, year } = loaded.preview(input, sayInEnglish).title;
  const name = `${oneLine(title, 150)}${year === null ? '' : ` (${year})`}`;
  const said: Parts = [...partsBefore, { type: 'text', text: sayInEnglish(openMessages.shown, { name }) }];
  const { chat, message } = await saveExchange(context, { interaction, commandText, parts: said });
  const call = await queueToolCall(context.ledger, {
    toolName,
    input: loaded.fillIn(input, requestDefaultsOf(context.user)),
    stack,
    chatId: chat.id,
    messageId: message.id,
    dedupeKey,
  });
  loadedCards.put(call, loaded);
  if (call.status !== 'queued') return call;
  const part = { type: `tool-${toolName}`, toolCallId: call.id, state: 'input-available', input: call.input } as const;
  await saveParts(context.ledger.db, { id: message.id, chatId: chat.id, parts: [...said, part] });
  return call;
}
