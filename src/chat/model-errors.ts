import { APICallError, RetryError } from 'ai';

export const noModelText =
  'I can’t talk yet: no language model is set up (the host sets OPENAI_API_KEY or OPENAI_BASE_URL). `/request`, `/services` and `/help` work without one.';
export const emptyAnswerText = 'The language model gave no answer. Ask again, or use `/request`.';
export const tooManyStepsText = 'I stopped here: this took too many steps. Ask for a smaller part of it.';
export const tooLongText = 'I stopped here: the answer got too long. Ask for a smaller part of it.';
export const silentText = 'The language model stopped answering. Ask again in a minute; slash commands work meanwhile.';
export const cutText = '⚠️ The bot was restarted in the middle of this answer.';
const brokeOffText = 'The answer of the language model broke off. Ask again; slash commands work meanwhile.';

/** What went wrong with the model, for the person: one or two sentences without prompt, key or address. */
export function describeModelError(error: unknown): string {
  const cause = causeOf(error);
  if (!APICallError.isInstance(cause)) return brokeOffText;
  const status = cause.statusCode;
  if (status === undefined)
    return 'The language model cannot be reached. Ask again in a minute; the host can check OPENAI_BASE_URL.';
  if (status < 300) return brokeOffText;
  if (status === 401 || status === 403)
    return 'The language model does not accept the bot’s key. The host needs to check OPENAI_API_KEY; slash commands work meanwhile.';
  if (status === 404)
    return 'The language model does not exist at that address. The host needs to check OPENAI_MODEL and OPENAI_BASE_URL.';
  if (status === 402 || status === 429)
    return 'The language model is busy or its budget is used up. Ask again in a minute; slash commands work meanwhile.';
  if (status >= 500)
    return 'The language model has an error of its own. Ask again in a minute; slash commands work meanwhile.';
  return 'The language model refused the question. Ask in other words, or use `/request`.';
}

/** What may be logged of it. Messages are left out: they quote the server, which may quote the prompt or the key. */
export function modelErrorForLog(error: unknown): { kind: string; status?: number | undefined; code?: string } {
  const cause = causeOf(error);
  if (!(cause instanceof Error)) return { kind: typeof cause };
  const status = APICallError.isInstance(cause) ? cause.statusCode : undefined;
  const inner = cause.cause;
  const code = inner instanceof Error && 'code' in inner ? { code: String(inner.code) } : {};
  return { kind: cause.name, status, ...code };
}

function causeOf(error: unknown): unknown {
  return RetryError.isInstance(error) ? error.lastError : error;
}
