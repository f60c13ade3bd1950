import { APICallError, type ModelMessage, RetryError } from 'ai';
import { type Message, messages, type Say } from '../messages.ts';
import { scrubbedWords } from './scrubbed-words.ts';

export const modelMessages = messages('language_model', {
  thinking: 'Thinking',
  readyWhenYouAre: 'Ready when you are:',
  none: 'I can’t talk yet: no language model is set up (the host sets OPENAI_API_KEY or OPENAI_BASE_URL). `/request`, `/services` and `/help` work without one.',
  emptyAnswer: 'The language model gave no answer. Ask again, or use `/request`.',
  tooManySteps: 'I stopped here: this took too many steps. Ask for a smaller part of it.',
  tooLong: 'I stopped here: the answer got too long. Ask for a smaller part of it.',
  tooManyCalls: 'I stopped looking things up: this took too many of them. Ask for a smaller part of it.',
  tooManyCards: 'These are the first five: press or cancel them, then ask me for the rest.',
  cutArguments:
    'The language model asked for too much at once, so part of this was left out. Ask for a smaller part of it.',
  silent: 'The language model stopped answering. Ask again in a minute; slash commands work meanwhile.',
  restarted: '⚠️ The bot was restarted in the middle of this answer.',
  brokeOff: 'The language model’s answer was cut off. Ask again; slash commands work meanwhile.',
  unreachable: 'The language model cannot be reached. Ask again in a minute; the host can check OPENAI_BASE_URL.',
  keyRefused:
    'The language model does not accept the bot’s key. The host needs to check OPENAI_API_KEY; slash commands work meanwhile.',
  notFound:
    'The language model was not found at that address. The host needs to check OPENAI_MODEL and OPENAI_BASE_URL.',
  busy: 'The language model is busy or its budget is used up. Ask again in a minute; slash commands work meanwhile.',
  internalError: 'The language model had an internal error. Ask again in a minute; slash commands work meanwhile.',
  refused: 'The language model refused the question. Ask in different words, or use `/request`.',
  saidToHost: 'You host this bot, so this is what the model’s server said: “{words}”',
});

/**
 * What went wrong with the model, for the person: one or two sentences without prompt, key or address. `forHost`: what its server said,
 * if the person hosts the bot.
 */
export function describeModelError(error: unknown, forHost: string | null, say: Say): string {
  const cause = causeOf(error);
  if (!APICallError.isInstance(cause)) return say(modelMessages.brokeOff);
  const status = cause.statusCode;
  if (status === undefined) return say(modelMessages.unreachable);
  if (status < 300) return say(modelMessages.brokeOff);
  const words = say(messageFor(status));
  return forHost === null || forHost === '' ? words : `${words} ${say(modelMessages.saidToHost, { words: forHost })}`;
}

function messageFor(status: number): Message {
  if (status === 401 || status === 403) return modelMessages.keyRefused;
  if (status === 404) return modelMessages.notFound;
  if (status === 402 || status === 429) return modelMessages.busy;
  return status >= 500 ? modelMessages.internalError : modelMessages.refused;
}

/**
 * What may be logged of a model's error. Its message is left out, because it may quote the prompt or the key; what the server said about
 * a refused request is included, with both removed.
 */
export function modelErrorForLog(
  error: unknown,
  asked: readonly ModelMessage[],
): { kind: string; status?: number | undefined; code?: string; words?: string | undefined } {
  const cause = causeOf(error);
  if (!(cause instanceof Error)) return { kind: typeof cause };
  const status = APICallError.isInstance(cause) ? cause.statusCode : undefined;
  const inner = cause.cause;
  const code = inner instanceof Error && 'code' in inner ? { code: String(inner.code) } : {};
  return { kind: cause.name, status, ...code, words: serverWords(error, asked) ?? undefined };
}

/**
 * What the model's server said when it refused a request, in at most 300 characters, without the person's words, addresses and anything
 * that looks like a key. Null when it said nothing, and when it refused the key, because such messages tend to quote it.
 */
export function serverWords(error: unknown, asked: readonly ModelMessage[]): string | null {
  const cause = causeOf(error);
  if (!APICallError.isInstance(cause)) return null;
  const { statusCode: status = 0, message, responseBody = '' } = cause;
  if (status < 400 || status === 401 || status === 403) return null;
  // If the SDK did not recognise the error's form, its message is only the status in words; then the body says more.
  const said = isKnownForm(cause.data) ? message : responseBody;
  const words = scrubbedWords(said, asked);
  return words === '' ? null : words;
}

function isKnownForm(data: unknown): boolean {
  return typeof data === 'object' && data !== null;
}

function causeOf(error: unknown): unknown {
  return RetryError.isInstance(error) ? error.lastError : error;
}
