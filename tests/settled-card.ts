import { flatten } from '../playground/discord/flatten.ts';
import type { PlaygroundDiscord } from '../playground/discord/start-discord.ts';
import type { Message } from '../playground/discord/state.ts';
import { sayInEnglish } from '../src/messages.ts';
import { pressTools } from './press-tools.ts';

/** Whether the call of a card has ended: the card neither offers its press any more nor says that it runs. */
export function isSettled(discord: PlaygroundDiscord, card: Message): boolean {
  const shown = discord.state.messages.get(card.id) ?? card;
  const isWaiting = flatten(shown.components).some(({ custom_id }) =>
    /^call:.+:(press|cancel|stop)$/.test(String(custom_id)),
  );
  const text = discord.render(shown);
  return !isWaiting && !pressTools.some(({ words }) => text.includes(sayInEnglish(words.busy)));
}

/** The label of the button that does what a card shows; null while it cannot be pressed. */
export function pressLabel(discord: PlaygroundDiscord, card: Message): string | null {
  const button = pressButton(discord, card);
  return button === undefined || button.disabled === true ? null : String(button.label);
}

/** Whether a message is the card of a call that waits, also where something must be chosen before it can be pressed. */
export function isWaitingCard(discord: PlaygroundDiscord, message: Message): boolean {
  return pressButton(discord, message) !== undefined;
}

function pressButton(discord: PlaygroundDiscord, card: Message) {
  const shown = discord.state.messages.get(card.id) ?? card;
  return flatten(shown.components).find(({ custom_id }) => /^call:.+:press$/.test(String(custom_id)));
}
