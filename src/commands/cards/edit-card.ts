import type { MessageComponentInteraction, ModalMessageModalSubmitInteraction } from 'discord.js';
import type { ToolCall } from '../../db/schema.ts';
import type { CommandContext } from '../command.ts';
import type { CardMessage } from './title-face.ts';

/** A press on a card, or what was typed into a form that it opened: who pressed, where, and the call that the card shows. */
export type Press = {
  context: CommandContext;
  interaction: MessageComponentInteraction | ModalMessageModalSubmitInteraction;
  call: ToolCall;
};

/** Changes the card; false, and a line in the log, when Discord does not take it: what was pressed goes on regardless. */
export async function editCard({ context, interaction, call }: Press, message: CardMessage): Promise<boolean> {
  try {
    await interaction.editReply(message);
    return true;
  } catch (error) {
    context.log.warn({ callId: call.id, err: error }, 'a card could not be changed');
    return false;
  }
}
