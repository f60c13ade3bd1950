import type { ChatInputCommandInteraction, MessageComponentInteraction, ModalSubmitInteraction } from 'discord.js';
import type { CommandContext } from '../command.ts';
import { saveExchange } from '../save-exchange.ts';

type Answered = ChatInputCommandInteraction | MessageComponentInteraction | ModalSubmitInteraction;

/** Saves the subcommand as typed, without address or key, and in `words` what came of it: in English, as the model reads it. */
export async function record(
  interaction: Answered,
  context: CommandContext,
  { subcommand, service, words }: { subcommand: string; service: string | null; words: string },
): Promise<void> {
  const commandText = `/services ${subcommand}${service === null ? '' : ` service: ${service.slice(0, 50)}`}`;
  await saveExchange(context, { interaction, commandText, parts: [{ type: 'text', text: words }] });
}
