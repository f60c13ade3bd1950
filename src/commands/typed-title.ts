import { UserError } from '../errors.ts';
import { messages } from '../messages.ts';

export const typedTitleMessages = messages('typed_title', {
  noWords: 'Give at least one word of the title, then try again.',
});

/** For a title that was typed without a word in it. */
export function noWords(): UserError {
  return new UserError((say) => say(typedTitleMessages.noWords));
}
