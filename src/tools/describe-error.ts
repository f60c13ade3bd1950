import { z } from 'zod';
import { ChatSDKError, ServiceError, UserError } from '../errors.ts';
import { type Message, messages, type Say } from '../messages.ts';
import { describeFailure } from '../services/describe-failure.ts';
import { definitionOf } from '../services/registry.ts';

export const errorMessages = messages('errors', {
  notUnderstood: 'That request was not understood by this version of the bot. Start it again with a new command.',
  internal: 'Something went wrong inside the bot. Try again; if it goes on, tell whoever hosts the bot.',
  keyDoesNotOpen:
    'A stored key does not open for the address that is stored with it, so it was not sent. Type address and key again with `/services configure`; if the host has changed the bot’s encryption key, they can put the former one back instead.',
  keyIsForAnother:
    'A stored key is sent only to the server that it was typed for. Type the new address and its key together with `/services configure`.',
  noDatabase: 'The bot’s database did not answer, so nothing was done. Try again in a minute.',
});

/**
 * What failed and what to do next, in one or two sentences that are safe to show to anyone and to give to the model; `toOwner` alone
 * they tell where a redirect points too. Whoever catches an error that is none of ours logs it as well: `isExpected` tells.
 */
export function describeError(error: unknown, say: Say, { toOwner = false } = {}): string {
  if (error instanceof UserError) return error.saying(say);
  if (error instanceof ServiceError) {
    const shown = toOwner ? error : withoutAddress(error);
    const { what, nextStep } = describeFailure(shown, definitionOf(error.service), say);
    return `${what} ${nextStep}`;
  }
  if (error instanceof ChatSDKError) return say(dataMessage(error));
  return say(error instanceof z.ZodError ? errorMessages.notUnderstood : errorMessages.internal);
}

function withoutAddress(error: ServiceError): ServiceError {
  const { service, failure, sent, status } = error;
  return failure === 'redirected' ? new ServiceError({ service, failure, sent, status }) : error;
}

/** The data layer's own texts are for the log. */
function dataMessage({ code }: ChatSDKError): Message {
  if (code === 'bad_request:encryption') return errorMessages.keyDoesNotOpen;
  if (code === 'forbidden:encryption') return errorMessages.keyIsForAnother;
  return code.endsWith(':database') ? errorMessages.noDatabase : errorMessages.internal;
}

/** Whether an error is one that people meet in daily use, rather than a fault of the bot. */
export function isExpected(error: unknown): boolean {
  return error instanceof UserError || error instanceof ServiceError;
}
