import { APICallError, RetryError } from 'ai';

export const noModelText =
  'I can’t talk yet: no language model is set up (the host sets OPENAI_API_KEY or OPENAI_BASE_URL). `/request`, `/services` and `/help` work without one.';
export const emptyAnswerText = 'The model gave no answer. Ask again, or use `/request`.';
export const tooManyStepsText = 'I stopped here: this took too many steps. Ask for a smaller part of it.';

/** What went wrong with the model, for the person: one or two sentences without prompt, key or address. */
export function describeModelError(error: unknown): string {
  const cause = RetryError.isInstance(error) ? error.lastError : error;
  if (APICallError.isInstance(cause)) return describeStatus(cause.statusCode);
  if (isTimeout(cause))
    return 'The language model stopped answering. Ask again in a minute; slash commands work meanwhile.';
  return 'The answer of the language model broke off. Ask again; slash commands work meanwhile.';
}

function describeStatus(status: number | undefined): string {
  if (status === undefined)
    return 'The language model cannot be reached. Ask again in a minute; the host can check OPENAI_BASE_URL.';
  if (status === 401 || status === 403)
    return 'The language model does not accept the bot’s key. The host needs to check OPENAI_API_KEY; slash commands work meanwhile.';
  if (status === 404)
    return 'The language model does not exist at that address. The host needs to check OPENAI_MODEL and OPENAI_BASE_URL.';
  if (status === 429)
    return 'The language model is busy or its budget is used up. Ask again in a minute; slash commands work meanwhile.';
  if (status >= 500)
    return 'The language model has an error of its own. Ask again in a minute; slash commands work meanwhile.';
  return 'The language model refused the question. Ask in other words, or use `/request`.';
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && /timeout|abort/i.test(error.name);
}
