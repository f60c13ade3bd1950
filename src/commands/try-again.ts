import { z } from 'zod';
import { deleteMessage } from '../db/queries/messages.ts';
import type { ComponentHandler } from './command.ts';
import { isNotYours } from './not-yours.ts';

/** custom_id of the button under an answer that was cut off: `again:<the answer's id>:<whose>`. */
export function tryAgainId(answerId: string, discordUserId: string): string {
  return ['again', answerId, discordUserId].join(':');
}

/** **Try again** under a cut answer: deletes what there was of it, once, and answers the question again. */
export const tryAgainHandler: ComponentHandler = {
  acknowledge: 'update',
  async run(interaction, [id = '', discordUserId], context) {
    if (!interaction.isMessageComponent()) return;
    if (await isNotYours(interaction, context, discordUserId)) return;
    const answer = z.uuid().safeParse(id).success
      ? await deleteMessage(context.ledger.db, { id, userId: context.user.id })
      : null;
    await interaction.editReply({ components: [] });
    if (answer !== null) await context.answerAgain(answer);
  },
};
