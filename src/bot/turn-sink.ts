import type { Sink } from '../chat/sink.ts';
import { buttonRow, controlMessages } from '../commands/cards/controls.ts';
import { renderToolCallCard } from '../commands/cards/waiting-card.ts';
import { nonceOf } from '../commands/nonce.ts';
import { tryAgainId } from '../commands/try-again.ts';
import { createCard } from '../db/queries/cards.ts';
import { getServiceConfigsByUserId } from '../db/queries/service-configs.ts';
import type { ToolCall, User } from '../db/schema.ts';
import { TakenOverError } from '../errors.ts';
import { messages, type Say } from '../messages.ts';
import { callerOf } from '../tools/caller.ts';
import { openStack } from '../tools/stack.ts';
import type { BotContext } from './bot-context.ts';
import { hasRoom } from './discord-rest.ts';
import type { Sender } from './reply-sender.ts';
import { createReplyStream } from './reply-stream.ts';
import { safeLinks } from './safe-links.ts';

export const answerMessages = messages('answer', {
  cardNotShown: 'The card for this could not be shown. Ask again.',
});

/**
 * Shows a turn in Discord: the text as a stream of edits, then a card for every call that waits for a press. `question` is the id
 * of the message that is answered: a sink for the same question in another process continues the same messages. Only some
 * addresses in the text become links (`safeLinks`).
 */
export function turnSink(
  context: BotContext,
  { sender, user, question, say }: { sender: Sender; user: User; question: string; say: Say },
): Sink {
  const own = ownOrigins(context, user);
  const stream = createReplyStream({
    sender,
    editMs: context.ledger.limits.editMs,
    firstWordsMs: context.ledger.limits.firstWordsMs,
    hasRoom: () => hasRoom(context.client.rest),
    log: context.ledger.log,
    nonce: (piece) => nonceOf(question, piece),
    shownAs: (text) => safeLinks(text, own.known(text)),
  });
  return {
    ...stream,
    say,
    finish: async (text, cut) => {
      await own.read(text);
      if (cut === undefined) return stream.finish(text);
      const again = { id: tryAgainId(cut.answerId, user.discordId), label: say(controlMessages.tryAgain) };
      return stream.finish(text, [buttonRow([again])]);
    },
    async showCard(call: ToolCall) {
      try {
        const stack = await openStack(context.ledger, callerOf(user, 'model'));
        const sent = await sender.send(await renderToolCallCard(context, stack, call, { say }), nonceOf(call.id, 'c'));
        if (sent === null) return;
        const { id: discordMessageId, channelId } = sent;
        await createCard(context.ledger.db, { toolCallId: call.id, channelId, discordMessageId });
      } catch (error) {
        if (error instanceof TakenOverError) throw error;
        context.ledger.log.error({ err: error, callId: call.id }, 'a card could not be shown');
        await sender.send({ content: say(answerMessages.cardNotShown) }, nonceOf(call.id, 'e'));
      }
    },
  };
}

/** The origins of a person's servers, read once and only when there is an address in the text: few answers have one. */
function ownOrigins(context: BotContext, user: User) {
  let origins: ReadonlySet<string> = new Set();
  let reading: Promise<void> | null = null;
  const fetchOrigins = async (): Promise<void> => {
    try {
      const configs = await getServiceConfigsByUserId(context.ledger.db, { userId: user.id });
      origins = new Set(configs.flatMap(({ baseUrl }) => URL.parse(baseUrl)?.origin ?? []));
    } catch (error) {
      context.ledger.log.warn(
        { err: error },
        'could not read the addresses of a person’s own servers: they are shown as code, not as links',
      );
    }
  };
  const read = (text: string): Promise<void> => {
    if (reading === null && text.includes('://')) reading = fetchOrigins();
    return reading ?? Promise.resolve();
  };
  return {
    read,
    /** What is known by now. */
    known(text: string): ReadonlySet<string> {
      void read(text);
      return origins;
    },
  };
}
