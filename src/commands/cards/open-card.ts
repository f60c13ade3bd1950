import type { ChatInputCommandInteraction, MessageComponentInteraction } from 'discord.js';
import { saveParts } from '../../db/queries/messages.ts';
import type { Message } from '../../db/schema.ts';
import { queueToolCall } from '../../tools/ledger.ts';
import type { PressToolName } from '../../tools/registry.ts';
import type { CommandContext } from '../command.ts';
import { saveExchange } from '../save-exchange.ts';
import type { LoadedCard } from './card.ts';
import { loadedCards } from './loaded-cards.ts';
import { rememberCard } from './remember-card.ts';
import { oneLine } from './server-text.ts';
import { renderSettledCard, showLoaded } from './show.ts';

type Parts = Message['parts'];

/** What a card is opened for: a tool, its input so far, and what the server said of the title. */
type Opening = {
  toolName: PressToolName;
  input: unknown;
  loaded: LoadedCard;
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
  interaction: ChatInputCommandInteraction | MessageComponentInteraction,
  { toolName, input, loaded, commandText, partsBefore = [], dedupeKey }: Opening,
): Promise<void> {
  const { title, year } = loaded.title;
  const name = `${oneLine(title, 150)}${year === null ? '' : ` (${year})`}`;
  const said: Parts = [...partsBefore, { type: 'text', text: `Shown: the card of ${name}, to be pressed.` }];
  const { chat, message } = await saveExchange(context, { interaction, commandText, parts: said });
  const call = await queueToolCall(context, {
    toolName,
    input: loaded.prepare(input, context.user),
    actorId: context.user.id,
    ownerId: context.user.id,
    chatId: chat.id,
    messageId: message.id,
    dedupeKey,
  });
  loadedCards.put(call.id, loaded);
  // Opened twice for one reason, and ended since: its end is shown, and nothing waits again.
  if (call.status !== 'queued') {
    await interaction.editReply(await renderSettledCard(context, call));
    return;
  }
  const part = { type: `tool-${toolName}`, toolCallId: call.id, state: 'input-available', input: call.input } as const;
  await saveParts(context.db, { id: message.id, chatId: chat.id, parts: [...said, part] });
  const shown = await interaction.editReply(showLoaded(call, loaded));
  await rememberCard(context, call, interaction, shown);
}
