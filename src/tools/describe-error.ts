import { z } from 'zod';
import { ChatSDKError, ServiceError, UserError } from '../errors.ts';
import { describeFailure } from '../services/describe-failure.ts';
import { definitionOf } from '../services/registry.ts';

/**
 * What failed and what to do next, in one or two sentences that are safe to show to anyone and to give to the model; `toOwner` alone
 * they tell where a redirect points too. Whoever catches an error that is none of ours logs it as well: `isExpected` tells.
 */
export function describeError(error: unknown, { toOwner = false } = {}): string {
  if (error instanceof UserError) return error.message;
  if (error instanceof ServiceError) {
    const { what, nextStep } = describeFailure(toOwner ? error : withoutAddress(error), definitionOf(error.service));
    return `${what} ${nextStep}`;
  }
  if (error instanceof ChatSDKError) return describeDataError(error);
  if (error instanceof z.ZodError)
    return 'That request was not understood by this version of the bot. Start it again with a new command.';
  return 'Something went wrong inside the bot. Try again; if it goes on, tell whoever hosts the bot.';
}

function withoutAddress(error: ServiceError): ServiceError {
  const { service, failure, sent, status } = error;
  return failure === 'redirected' ? new ServiceError({ service, failure, sent, status }) : error;
}

function describeDataError(error: ChatSDKError): string {
  if (error.code === 'bad_request:encryption')
    return 'A stored key does not open for the address that is stored with it, so it was not sent. Type address and key again with `/services configure`; if the host has changed the bot’s encryption key, they can put the former one back instead.';
  if (error.code === 'forbidden:encryption')
    return 'A stored key is sent only to the server that it was typed for. Type the new address and its key together with `/services configure`.';
  if (error.code.endsWith(':database'))
    return 'The bot’s database did not answer, so nothing was done. Try again in a minute.';
  return error.message;
}

/** Whether an error is one that people meet in daily use, rather than a fault of the bot. */
export function isExpected(error: unknown): boolean {
  return error instanceof UserError || error instanceof ServiceError;
}
