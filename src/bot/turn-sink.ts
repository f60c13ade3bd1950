import type { Sink } from '../chat/sink.ts';
import { renderToolCallCard } from '../commands/cards/show.ts';
import { createCard } from '../db/queries/cards.ts';
import type { ToolCall, User } from '../db/schema.ts';
import { openStack } from '../tools/stack.ts';
import type { BotContext } from './bot-context.ts';
import type { Sender } from './reply-sender.ts';
import { createReplyStream } from './reply-stream.ts';

/** Shows a turn in Discord: the text as a stream of edits, then a card for every call that waits for a press. */
export function turnSink(context: BotContext, { sender, user }: { sender: Sender; user: User }): Sink {
  const stream = createReplyStream({ sender, editMs: context.limits.editMs, log: context.log });
  return {
    ...stream,
    async showCard(call: ToolCall) {
      try {
        const stack = await openStack(context, { actorId: user.id, ownerId: call.ownerId });
        const sent = await sender.send(await renderToolCallCard(context, stack, call));
        if (sent === null) return;
        const { id: discordMessageId, channelId } = sent;
        await createCard(context.db, { toolCallId: call.id, channelId, discordMessageId });
      } catch (error) {
        context.log.error({ err: error, callId: call.id }, 'a card could not be shown');
        await sender.send({ content: 'The card for this could not be shown. Ask again, or use `/request`.' });
      }
    },
  };
}
