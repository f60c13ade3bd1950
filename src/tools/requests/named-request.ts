import { messages, type Say, sayInEnglish } from '../../messages.ts';
import type { SeerrRequest } from '../../services/jellyseerr/schemas.ts';
import type { CardTitle, Preview } from '../preview.ts';
import { seasonNumbers } from '../season-words.ts';
import type { Stack } from '../stack.ts';
import type { RunOptions } from '../tool.ts';
import { requestStateNow, seerrMessages } from './seerr-requests.ts';

export const requestNameMessages = messages('seerr_request', {
  untitled: 'Request {requestId}',
  askedForBy: 'asked for by {name}',
  waiting_for_approval: 'waits for approval',
  approved: 'approved',
  declined: 'declined',
  failed: 'failed',
  completed: 'done',
  unknown: 'in an unknown state',
});

/** A request in Seerr with its title, as a card shows it. `hasTitle` is false where Seerr cannot name it. */
export type NamedRequest = { title: CardTitle; hasTitle: boolean; request: SeerrRequest };

/** Asks Seerr for the title of a request, and gives it with the state that it has now. Throws ServiceError. */
export async function nameRequest(stack: Stack, request: SeerrRequest, options: RunOptions): Promise<NamedRequest> {
  const title = await stack.get('jellyseerr').find(request, options);
  const untitled = sayInEnglish(requestNameMessages.untitled, { requestId: request.id });
  return {
    title: title ?? { title: untitled, year: null, posterUrl: null },
    hasTitle: title !== null,
    request: { ...request, state: requestStateNow(request, title) },
  };
}

/** The head of its card: what it is, for which seasons, whether in 4K, its state, and who asked where `isOthers`. */
export function requestHead({ title, hasTitle, request }: NamedRequest, say: Say, isOthers = false): Partial<Preview> {
  const { id: requestId, seasons, is4k, state, requestedBy: name } = request;
  const facts = [
    seasonNumbers(seasons, say),
    is4k ? say(seerrMessages.in4k) : '',
    say(requestNameMessages[state]),
    isOthers && name !== null ? say(requestNameMessages.askedForBy, { name }) : '',
  ];
  return {
    ...(hasTitle ? {} : { title: { ...title, title: say(requestNameMessages.untitled, { requestId }) } }),
    facts: facts.filter((fact) => fact !== '').join(' · '),
  };
}
