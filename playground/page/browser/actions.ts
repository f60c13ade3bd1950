import type { Choice, Json, Message, Opened } from '../protocol.ts';
import type { PageRequest } from '../requests.ts';
import { ask } from './connection.ts';
import { redraw } from './redraw.ts';
import { store } from './store.ts';

/** Asks for something and says in red why it did not work. False when it did not. */
export async function attempt(request: PageRequest): Promise<boolean> {
  try {
    open(await ask(request));
    return true;
  } catch (error) {
    complain(error instanceof Error ? error.message : String(error));
    return false;
  }
}

/** Says in red what could not be done. */
export function complain(words: string): void {
  store.notice = { words, isWrong: true };
  redraw();
}

/** The buttons and selects whose use the bot has not answered: a second press of one is the first, pressed twice. */
const inUse = new Set<string>();

/** A button or select is used; what came of it shows in the messages, or as a form. */
export function use(message: Message, component: Json, values: string[] | null): void {
  const given = { as: store.me, messageId: message.id, customId: String(component.custom_id) };
  const key = JSON.stringify(given);
  if (inUse.has(key)) return;
  inUse.add(key);
  // What fails is shown under the message by its interaction, as Discord does.
  const request: PageRequest = values === null ? { do: 'press', ...given } : { do: 'select', ...given, values };
  ask(request)
    .then(open, (error: Error) => {
      if (error.message !== noAnswer) complain(error.message);
    })
    .finally(() => inUse.delete(key));
}

/** A slash command is sent. Resolves to why it could not be, or null. */
export async function sendCommand(name: string, options: Record<string, string | number | boolean>): Promise<void> {
  try {
    open(await ask({ do: 'slash', as: store.me, channelId: store.channelId, name, options }));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    // The message field shows it where the command was, once Discord's three seconds are over.
    if (reason === noAnswer) return;
    complain(reason);
  }
}

/** What the bot offers for the option that is being typed. Throws when it does not answer in time. */
export async function complete(
  name: string,
  options: Record<string, string | number | boolean>,
  focused: string,
): Promise<Choice[]> {
  const found = await ask({ do: 'complete', as: store.me, channelId: store.channelId, name, options, focused });
  return Array.isArray(found) ? found.filter(isChoice) : [];
}

const noAnswer = 'The application did not respond';

function isChoice(value: unknown): value is Choice {
  return typeof value === 'object' && value !== null && 'name' in value && 'value' in value;
}

/** Shows the form that an answer opened, if it opened one, or that what was used had been used before. */
export function open(answer: unknown): void {
  if (!isOpened(answer)) return;
  if (answer.isTooLate === true) {
    store.notice = { words: 'That was used already: the message has changed since.', isWrong: false };
    redraw();
  }
  if (answer.modal === null) return;
  store.modal = { ...answer.modal, error: null, isSending: false };
  redraw();
}

function isOpened(value: unknown): value is Opened {
  return typeof value === 'object' && value !== null && 'modal' in value;
}
