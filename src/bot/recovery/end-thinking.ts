import { MessageFlags, Routes } from 'discord.js';
import { z } from 'zod';
import { tokenLifeMs, tokenOfReply } from '../../commands/interaction-token.ts';
import { type InterruptedPerson, takeInteractionTokens } from '../../db/queries/users.ts';
import { sayIn } from '../../languages/say-in.ts';
import { messages } from '../../messages.ts';
import type { BotContext } from '../bot-context.ts';
import type { Left } from '../presence.ts';
import { sayInChannel } from '../readers.ts';

export const cutCommandMessages = messages('cut_command', {
  typeAgain: '⚠️ The bot was restarted before it could answer. Type the command again.',
});

const messageSchema = z.object({ channel_id: z.string(), flags: z.number().default(0) });
const mostAtOnce = 10;

/** Tells everyone whose command still shows "thinking" after its process died that it was cut off. Never throws. */
export async function endThinking(context: BotContext, left: Left): Promise<void> {
  try {
    const whose =
      'of' in left ? left : { before: new Date(left.before.getTime() + tokenLifeMs), except: context.ledger.processId };
    const tokens = await takeInteractionTokens(context.ledger.db, whose);
    const work = async () => {
      for (let one = tokens.pop(); one !== undefined; one = tokens.pop()) await endOne(context, one);
    };
    await Promise.all(Array.from({ length: mostAtOnce }, work));
  } catch (error) {
    context.ledger.log.error({ err: error }, 'could not look for commands that were cut off');
  }
}

async function endOne(context: BotContext, { discordId, locale, interactionToken }: InterruptedPerson): Promise<void> {
  if (interactionToken === null) return;
  try {
    const token = context.ledger.keyring.decrypt({ ciphertext: interactionToken, binding: tokenOfReply(discordId) });
    if (token === null) return;
    const route = Routes.webhookMessage(context.client.application.id, token);
    const message = messageSchema.parse(await context.client.rest.get(route, { auth: false }));
    if ((message.flags & MessageFlags.Loading) === 0) return;
    const isPrivate = (message.flags & MessageFlags.Ephemeral) !== 0;
    const say = isPrivate
      ? sayIn(locale)
      : sayInChannel(context.client, { channelId: message.channel_id, user: { locale } });
    const content = say(cutCommandMessages.typeAgain);
    await context.client.rest.patch(route, { body: { content, allowed_mentions: { parse: [] } }, auth: false });
  } catch (error) {
    // Most often the person has dismissed the message.
    context.ledger.log.info({ err: error }, 'could not tell a person that their command was cut off');
  }
}
