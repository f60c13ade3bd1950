import { flatten } from '../discord/flatten.ts';
import type { Handle } from '../discord/handle.ts';
import type { Person } from '../discord/person.ts';
import type { PlaygroundDiscord } from '../discord/start-discord.ts';
import type { Channel, Message } from '../discord/state.ts';
import type { Choice, Opened } from './protocol.ts';
import type { PageRequest } from './requests.ts';

type Of<What extends PageRequest['do']> = Extract<PageRequest, { do: What }>;
export type DiscordRequest = Of<'say' | 'slash' | 'complete' | 'press' | 'select' | 'submit' | 'react' | 'dismiss'>;

/** Does in Discord what someone did on the page. Throws what Discord's own client would not let them do. */
export async function act(discord: PlaygroundDiscord, request: DiscordRequest): Promise<Opened | Choice[] | null> {
  const person = personOf(discord, request.as);
  switch (request.do) {
    case 'say': {
      const replyTo = request.replyTo === null ? {} : { replyTo: messageOf(discord, request.replyTo) };
      const attachments = request.files.map(({ name, type, base64 }) => ({
        name,
        type: type === '' ? 'application/octet-stream' : type,
        bytes: Buffer.from(base64, 'base64'),
      }));
      if (request.text.trim() === '' && attachments.length === 0) throw new Error('there is nothing to send');
      person.say(channelOf(discord, request.channelId), request.text, { ...replyTo, attachments });
      return null;
    }
    case 'slash':
      return opened(discord, person.slash(channelOf(discord, request.channelId), request.name, request.options));
    case 'complete':
      return person.autocomplete(channelOf(discord, request.channelId), request.name, request.options, request.focused);
    case 'press': {
      const message = messageOf(discord, request.messageId);
      if (!canUse(message, request.customId)) return tooLate;
      return opened(discord, person.press(message, request.customId));
    }
    case 'select': {
      const message = messageOf(discord, request.messageId);
      if (!canUse(message, request.customId)) return tooLate;
      return opened(discord, person.select(message, request.customId, request.values));
    }
    case 'submit':
      return submit(discord, person, request);
    case 'react':
      person.react(messageOf(discord, request.messageId), request.emoji);
      return null;
    case 'dismiss': {
      const message = messageOf(discord, request.messageId);
      if (message.ephemeralFor !== person.id) throw new Error('only private messages can be dismissed');
      message.deleted = true;
      discord.state.changed();
      return null;
    }
  }
}

const tooLate: Opened = { modal: null, isTooLate: true };

/** Whether a button or select is still there: the bot may have changed the message since the page drew it. */
function canUse({ components }: Message, customId: string): boolean {
  return flatten(components).some((part) => part.custom_id === customId && part.disabled !== true);
}

async function submit(discord: PlaygroundDiscord, person: Person, request: Of<'submit'>): Promise<Opened> {
  const interaction = discord.state.interactions.get(request.interactionId);
  if (interaction?.modal == null || interaction.userId !== person.id) throw new Error('that form is gone');
  return opened(discord, person.submitModal({ interaction, data: interaction.modal }, request.fields));
}

/** Waits until the bot answered at all: what it says then comes as messages, and a form is opened. */
async function opened(discord: PlaygroundDiscord, handle: Handle): Promise<Opened> {
  discord.state.changed();
  await handle.acknowledged(discord.state.limits.interactionMs + 1000);
  const { id, modal } = handle.interaction;
  return { modal: modal === null ? null : { interactionId: id, data: modal } };
}

function personOf(discord: PlaygroundDiscord, id: string): Person {
  const account = discord.state.accounts.get(id);
  if (account === undefined || account.bot) throw new Error('there is no such person');
  return discord.person(account.global_name);
}

function channelOf({ state }: PlaygroundDiscord, id: string): Channel {
  const channel = state.channels.get(id);
  if (channel === undefined) throw new Error('there is no such channel');
  return channel;
}

function messageOf({ state }: PlaygroundDiscord, id: string): Message {
  const message = state.messages.get(id);
  if (message === undefined || message.deleted) throw new Error('that message is gone');
  return message;
}
