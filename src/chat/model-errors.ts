import { APICallError, type ModelMessage, RetryError } from 'ai';
import { scrubbedWords } from './scrubbed-words.ts';

export const noModelText =
  'I can’t talk yet: no language model is set up (the host sets OPENAI_API_KEY or OPENAI_BASE_URL). `/request`, `/services` and `/help` work without one.';
export const emptyAnswerText = 'The language model gave no answer. Ask again, or use `/request`.';
export const tooManyStepsText = 'I stopped here: this took too many steps. Ask for a smaller part of it.';
export const tooLongText = 'I stopped here: the answer got too long. Ask for a smaller part of it.';
export const tooManyCallsText =
  'I stopped looking things up: this took too many of them. Ask for a smaller part of it.';
export const tooManyCardsText = 'These are the first five: press or cancel them, then ask me for the rest.';
export const cutArgumentsText =
  'The language model asked for too much at once, so part of this was left out. Ask for a smaller part of it.';
export const silentText = 'The language model stopped answering. Ask again in a minute; slash commands work meanwhile.';
export const cutText = '⚠️ The bot was restarted in the middle of this answer.';
const brokeOffText = 'The language model’s answer was cut off. Ask again; slash commands work meanwhile.';

/**
 * What went wrong with the model, for the person: one or two sentences without prompt, key or address. `forHost`: what its server said,
 * if the person hosts the bot.
 */
export function describeModelError(error: unknown, forHost: string | null = null): string {
  const cause = causeOf(error);
  if (!APICallError.isInstance(cause)) return brokeOffText;
  const status = cause.statusCode;
  if (status === undefined)
    return 'The language model cannot be reached. Ask again in a minute; the host can check OPENAI_BASE_URL.';
  if (status < 300) return brokeOffText;
  const said =
    forHost === null || forHost === ''
      ? ''
      : ` You host this bot, so this is what the model’s server said: “${forHost}”`;
  return describeStatus(status) + said;
}

function describeStatus(status: number): string {
  if (status === 401 || status === 403)
    return 'The language model does not accept the bot’s key. The host needs to check OPENAI_API_KEY; slash commands work meanwhile.';
  if (status === 404)
    return 'The language model was not found at that address. The host needs to check OPENAI_MODEL and OPENAI_BASE_URL.';
  if (status === 402 || status === 429)
    return 'The language model is busy or its budget is used up. Ask again in a minute; slash commands work meanwhile.';
  if (status >= 500)
    return 'The language model had an internal error. Ask again in a minute; slash commands work meanwhile.';
  return 'The language model refused the question. Ask in different words, or use `/request`.';
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
