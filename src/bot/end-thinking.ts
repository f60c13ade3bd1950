import { MessageFlags, Routes } from 'discord.js';
import { z } from 'zod';
import { tokenLifeMs, tokenOfReply } from '../commands/interaction-token.ts';
import { takeInteractionTokens } from '../db/queries/users.ts';
import type { BotContext } from './bot-context.ts';

const content = '⚠️ The bot was restarted in the middle of this. Type the command again.';
const messageSchema = z.object({ flags: z.number().default(0) });
const mostAtOnce = 10;

/**
 * Ends what a dead process left "thinking", a lease after this one started: what another was told just before is still its to
 * answer. Not background work, of which each round is another process's: each start looks. Gives what calls it off.
 */
export function endThinkingAfterStart(context: BotContext): () => void {
  const startedAt = new Date();
  const timer = setTimeout(() => context.tasks.track(endThinking(context, startedAt)), context.limits.leaseMs);
  return () => clearTimeout(timer);
}

/** Tells everyone whose command from before `startedAt` still shows "thinking" that it was cut off. Never throws. */
async function endThinking(context: BotContext, startedAt: Date): Promise<void> {
  try {
    const before = new Date(startedAt.getTime() + tokenLifeMs);
    const left = await takeInteractionTokens(context.db, { before });
    const work = async () => {
      for (let one = left.pop(); one !== undefined; one = left.pop()) await endOne(context, one);
    };
    await Promise.all(Array.from({ length: mostAtOnce }, work));
  } catch (error) {
    context.log.error({ err: error }, 'commands that were cut off could not be looked for');
  }
}

async function endOne(
  context: BotContext,
  { discordId, interactionToken }: { discordId: string; interactionToken: string | null },
): Promise<void> {
  if (interactionToken === null) return;
  try {
    const token = context.keyring.decrypt({ ciphertext: interactionToken, ...tokenOfReply(discordId) });
    if (token === null) return;
    const route = Routes.webhookMessage(context.client.application.id, token);
    const message = messageSchema.parse(await context.client.rest.get(route, { auth: false }));
    if ((message.flags & MessageFlags.Loading) === 0) return;
    await context.client.rest.patch(route, { body: { content, allowed_mentions: { parse: [] } }, auth: false });
  } catch (error) {
    // Most often the person has dismissed the message.
    context.log.info({ err: error }, 'a command that may have been cut off could not be told so');
  }
}
