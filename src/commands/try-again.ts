import { MessageFlags } from 'discord.js';
import { z } from 'zod';
import { deleteMessage } from '../db/queries/messages.ts';
import type { ComponentHandler } from './command.ts';

/** custom_id of the button under an answer that was cut off: `again:<the answer's id>:<whose>`. */
export function tryAgainId(answerId: string, discordUserId: string): string {
  return ['again', answerId, discordUserId].join(':');
}

/** **Try again** under a cut answer: what there was of it is forgotten, once, and the question answered anew. */
export const tryAgainHandler: ComponentHandler = {
  acknowledge: 'update',
  async run(interaction, [id = '', discordUserId], context) {
    if (!interaction.isMessageComponent()) return;
    if (interaction.user.id !== discordUserId) {
      const content = 'This answer was for someone else. Ask me yourself, and I answer you.';
      await interaction.followUp({ content, flags: MessageFlags.Ephemeral, allowedMentions: { parse: [] } });
      return;
    }
    const answer = z.uuid().safeParse(id).success
      ? await deleteMessage(context.db, { id, userId: context.user.id })
      : null;
    await interaction.editReply({ components: [] });
    if (answer !== null) await context.answerAgain(answer);
  },
};
