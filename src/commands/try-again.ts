import { z } from 'zod';
import { answeredId } from '../db/queries/message-sources.ts';
import { deleteMessage } from '../db/queries/messages.ts';
import type { ComponentHandler } from './command.ts';
import { isNotYours } from './not-yours.ts';

/** custom_id of the button under an answer that was cut off: `again:<the answer's id>:<whose>`. */
export function tryAgainId(answerId: string, discordUserId: string): string {
  return ['again', answerId, discordUserId].join(':');
}

/** **Try again** under a cut answer: deletes what there was of it, once, and has the question answered again. */
export const tryAgainHandler: ComponentHandler = {
  acknowledge: 'update',
  async run(interaction, [id = '', discordUserId], context) {
    if (!interaction.isMessageComponent()) return;
    if (await isNotYours(interaction, context, discordUserId)) return;
    const answer = z.uuid().safeParse(id).success
      ? await deleteMessage(context.ledger.db, { id, userId: context.user.id })
      : null;
    await interaction.editReply({ components: [] });
    const messageId = answer === null ? null : answeredId(answer.sourceMessageId);
    return answer === null || messageId === null ? undefined : { chatId: answer.chatId, messageId };
  },
};
