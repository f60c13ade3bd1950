import {
  type Client,
  DiscordAPIError,
  InteractionContextType,
  InteractionWebhook,
  type Message,
  type MessageComponentInteraction,
  MessageFlags,
  type ModalMessageModalSubmitInteraction,
  RESTJSONErrorCodes,
  Routes,
} from 'discord.js';
import type { Logger } from 'pino';
import { TakenOverError } from '../../errors.ts';
import { sayIn } from '../../languages/say-in.ts';
import type { Say } from '../../messages.ts';
import { type Caller, sayTo } from '../../tools/caller.ts';
import type { CardMessage } from './title-face.ts';

/** A press on a card, or what was typed into a form that it opened. */
export type CardInteraction = MessageComponentInteraction | ModalMessageModalSubmitInteraction;

/** `gone`: the message or channel no longer exists. `no-right`: only a new press could edit it. `later`: Discord failed this time. */
export type Edited = 'done' | 'gone' | 'no-right' | 'later';

/** Where another message is written: in the card's channel, as an answer to the press (to everyone there, or not), in a DM. */
export type Way = 'channel' | 'answer' | 'private-answer' | 'direct';

/** A message that was written, and by whose right it is edited. `isDirect`: it is in a DM, not where the card is. */
export type Shown = { way: 'bot' | 'token'; message: Pick<Message, 'id' | 'channelId'>; say: Say; isDirect: boolean };

/** Where a card is shown: what changes it, and writes another message about it. Neither throws but TakenOverError: the rest is logged. */
export type Surface = {
  edit(message: CardMessage): Promise<Edited>;
  /** By the first of `ways` that Discord takes; null when none was left. In a channel or a DM once for the same `nonce`. */
  show(message: (say: Say) => CardMessage, options: { ways: readonly Way[]; nonce: string }): Promise<Shown | null>;
};

/**
 * A card's message and its person. `token`: of the interaction by which it is edited and answered; null: the bot's own right. `says`: to
 * everyone in the channel, and to the person alone.
 */
type Place = {
  messageId: string;
  channelId: string;
  discordUserId: string;
  token: string | null;
  says: { channel: Say; person: Say };
};

/** The surface of a card, by an interaction's token or by the bot's. */
export function surfaceOf({ client, log }: { client: Client<true>; log: Logger }, place: Place): Surface {
  const { messageId, channelId, discordUserId, token, says } = place;
  const answer = (message: CardMessage, flags: number) => {
    if (token === null) throw new Error('there is no press to answer');
    return new InteractionWebhook(client, client.application.id, token).send({ ...message, flags });
  };
  const write = async (way: Way, message: CardMessage, nonce: string): Promise<Message> => {
    if (way === 'answer') return answer(message, message.flags);
    if (way === 'private-answer') return answer(message, message.flags | MessageFlags.Ephemeral);
    const once = { ...message, nonce, enforceNonce: true };
    if (way === 'direct') return client.users.send(discordUserId, once);
    const channel = await client.channels.fetch(channelId);
    if (!channel?.isSendable()) throw new Error('the channel takes no messages');
    return channel.send(once);
  };
  return {
    async edit({ components, flags, allowedMentions }) {
      const body = { components, flags, allowed_mentions: allowedMentions };
      const route =
        token === null
          ? Routes.channelMessage(channelId, messageId)
          : Routes.webhookMessage(client.application.id, token, messageId);
      try {
        await client.rest.patch(route, { body, auth: token === null });
        return 'done';
      } catch (error) {
        if (error instanceof TakenOverError) throw error;
        const edited = outcomeOf(error);
        log[edited === 'later' ? 'warn' : 'info']({ err: error, edited }, 'a card could not be changed');
        return edited;
      }
    },
    async show(message, { ways, nonce }) {
      for (const way of ways) {
        try {
          const edits = way === 'channel' || way === 'direct' ? 'bot' : 'token';
          const say = way === 'channel' || way === 'answer' ? says.channel : says.person;
          return { way: edits, message: await write(way, message(say), nonce), say, isDirect: way === 'direct' };
        } catch (error) {
          if (error instanceof TakenOverError) throw error;
          log.info({ way, err: error }, 'a message could not be written this way');
        }
      }
      return null;
    },
  };
}

/** The surface of the card that was pressed: the press's token edits it, whoever else may see it. */
export function surfaceOfPress(log: Logger, interaction: CardInteraction, { caller }: { caller: Caller }): Surface {
  const { client, channelId, message, user, token, guildId, guildLocale } = interaction;
  const person = sayTo(caller);
  const says = { channel: guildId === null ? person : sayIn(guildLocale), person };
  return surfaceOf({ client, log }, { messageId: message.id, channelId, discordUserId: user.id, token, says });
}

/** The answer to a press that only whoever pressed sees; in the bot's DM nobody else could. */
export function privateAnswer({ context }: Pick<CardInteraction, 'context'>): Way {
  return context === InteractionContextType.BotDM ? 'answer' : 'private-answer';
}

function outcomeOf(error: unknown): Edited {
  if (!(error instanceof DiscordAPIError) || error.status >= 500 || error.status === 429) return 'later';
  if (error.code === RESTJSONErrorCodes.InvalidWebhookToken || error.code === RESTJSONErrorCodes.UnknownWebhook)
    return 'no-right';
  return 'gone';
}
