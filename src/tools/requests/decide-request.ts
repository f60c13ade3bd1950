import { z } from 'zod';
import { UserError } from '../../errors.ts';
import { messages, type Say } from '../../messages.ts';
import { requestStates } from '../../services/jellyseerr/media-info.ts';
import type { Preview } from '../preview.ts';
import { told } from '../sentences.ts';
import type { Stack } from '../stack.ts';
import type { RunOptions, Verdict } from '../tool.ts';
import { listRequests } from './list-requests.ts';
import { type NamedRequest, nameRequest, requestHead } from './named-request.ts';

export const decisionMessages = messages('decided_requests', {
  nothingLeft: 'That request is not in Seerr any more, so there is nothing to decide.',
  notWaiting: 'It does not wait for approval any more, so there is nothing to decide.',
  alreadyGone: 'The request was gone from Seerr already.',
});

/** What approving and declining are told of a request, and where a sentence has it from: the list of what waits. */
export const ofRequest = {
  input: z.object({ requestId: z.number().int().positive().describe('from list_requests') }),
  about: { everybody: true, filter: 'pending' },
  source: { requestId: told(listRequests, 'requestId') },
  load: loadRequest,
} as const;

export const decisionResults = [
  z.object({ result: z.literal('already_gone') }),
  z.object({ result: z.literal('not_waiting'), state: z.enum(requestStates) }),
] as const;

type Input = z.output<typeof ofRequest.input>;

async function loadRequest(stack: Stack, { requestId }: Input, options: RunOptions): Promise<NamedRequest> {
  const request = await stack.get('jellyseerr').findRequest(requestId, options);
  if (request === null) throw new UserError((say) => say(decisionMessages.nothingLeft));
  return nameRequest(stack, request, options);
}

/** The card of a decision: whose request it is, and `change`, what a press does. */
export function previewDecision(details: NamedRequest, change: string, say: Say): Preview {
  const isWaiting = details.request.state === 'waiting_for_approval';
  const lines = [isWaiting ? change : say(decisionMessages.notWaiting)];
  return { ...requestHead(details, say, true), lines, isNothing: !isWaiting };
}

/** Approves or declines what waits for it, and gives its title; else why there is nothing to decide. Throws ServiceError. */
export async function decideRequest(
  stack: Stack,
  { requestId }: Input,
  decision: 'approve' | 'decline',
  options: RunOptions,
) {
  const seerr = stack.get('jellyseerr');
  const request = await seerr.findRequest(requestId, options);
  if (request === null) return { result: 'already_gone' as const };
  // Seerr takes a decision on what is decided too, and would send an approved one to Radarr or Sonarr again.
  if (request.state !== 'waiting_for_approval') return { result: 'not_waiting' as const, state: request.state };
  const title = await seerr.find(request, options);
  await seerr.decide(requestId, decision, options);
  return { result: 'decided' as const, title: title?.title ?? null, year: title?.year ?? null };
}

/** Whether a decision whose answer was lost took effect: while it waits it did not; anybody may have taken it off since. */
export async function verdictOnDecision(
  stack: Stack,
  { requestId }: Input,
  isSo: (state: NamedRequest['request']['state']) => boolean,
  options: RunOptions,
): Promise<Verdict> {
  const request = await stack.get('jellyseerr').findRequest(requestId, options);
  if (request === null) return 'unknown';
  return isSo(request.state) ? 'happened' : 'did_not_happen';
}
