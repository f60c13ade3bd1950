import type { Sink } from '../chat/sink.ts';
import { buttonRow } from '../commands/cards/controls.ts';
import { renderToolCallCard } from '../commands/cards/show.ts';
import { nonceOf } from '../commands/nonce.ts';
import { tryAgainId } from '../commands/try-again.ts';
import { createCard } from '../db/queries/cards.ts';
import type { ToolCall, User } from '../db/schema.ts';
import { openStack } from '../tools/stack.ts';
import type { BotContext } from './bot-context.ts';
import type { Sender } from './reply-sender.ts';
import { createReplyStream } from './reply-stream.ts';

/**
 * Shows a turn in Discord: the text as a stream of edits, then a card for every call that waits for a press. `question` is the id
 * of what is answered: a sink for the same question in another process goes on with the same messages.
 */
export function turnSink(
  context: BotContext,
  { sender, user, question }: { sender: Sender; user: User; question: string },
): Sink {
  const stream = createReplyStream({
    sender,
    editMs: context.limits.editMs,
    log: context.log,
    nonce: (piece) => nonceOf(question, piece),
  });
  return {
    ...stream,
    finish: (text, cut) => {
      if (cut === undefined) return stream.finish(text);
      return stream.finish(text, [buttonRow([{ id: tryAgainId(cut.answerId, user.discordId), label: 'Try again' }])]);
    },
    async showCard(call: ToolCall) {
      try {
        const stack = await openStack(context, { actorId: user.id, ownerId: call.ownerId });
        const sent = await sender.send(await renderToolCallCard(context, stack, call), nonceOf(call.id, 'c'));
        if (sent === null) return;
        const { id: discordMessageId, channelId } = sent;
        await createCard(context.db, { toolCallId: call.id, channelId, discordMessageId });
      } catch (error) {
        context.log.error({ err: error, callId: call.id }, 'a card could not be shown');
        const content = 'The card for this could not be shown. Ask again, or use `/request`.';
        await sender.send({ content }, nonceOf(call.id, 'e'));
      }
    },
  };
}
