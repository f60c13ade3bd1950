import { z } from 'zod';
import { UserError } from '../../errors.ts';
import { messages } from '../../messages.ts';
import type { SeerrRequest } from '../../services/jellyseerr/schemas.ts';
import { seasonNumbers } from '../season-words.ts';
import { told } from '../sentences.ts';
import { definePressTool } from '../tool.ts';
import { listRequests } from './list-requests.ts';
import { ownRequest, requestStateNow } from './seerr-requests.ts';

const stateWords: Record<SeerrRequest['state'], string> = {
  waiting_for_approval: 'waits for approval',
  approved: 'approved',
  declined: 'declined',
  failed: 'failed',
  completed: 'done',
  unknown: 'in an unknown state',
};

const words = messages('remove_request', {
  activity: 'Removing the request',
  button: 'Remove the request',
  busy: 'Removing the request…',
});

export const removeRequest = definePressTool({
  name: 'remove_request',
  description: 'Remove one of the person’s own requests from Seerr.',
  effect: 'destroy',
  services: ['jellyseerr'],
  input: z.object({ requestId: z.number().int().positive().describe('from list_requests') }),
  output: z.discriminatedUnion('result', [
    z.object({ result: z.literal('removed'), title: z.string().nullable(), year: z.number().nullable() }),
    z.object({ result: z.literal('already_gone') }),
  ]),
  words,
  sentences: {
    phrases: [{ says: ['remove|delete|cancel|withdraw my last|latest|newest request'] }],
    input: { requestId: told(listRequests, 'requestId') },
  },
  async load(stack, { requestId }, options) {
    const request = await ownRequest(stack, requestId, options);
    if (request === null) throw new UserError('That request is not in Seerr any more. Nothing is left to remove.');
    const title = await stack.get('jellyseerr').find(request, options);
    const named = title ?? { title: `Request ${requestId}`, year: null, posterUrl: null };
    return { title: named, request: { ...request, state: requestStateNow(request, title) } };
  },
  preview(_input, { request: { seasons, is4k, state } }) {
    const facts = [seasonNumbers(seasons), is4k ? '4K' : '', stateWords[state]].filter(Boolean).join(' · ');
    return { facts, lines: ['Removing takes the request out of Seerr. What is downloaded stays.'] };
  },
  async run(stack, { requestId }, options) {
    const seerr = stack.get('jellyseerr');
    const request = await ownRequest(stack, requestId, options);
    if (request === null) return { result: 'already_gone' as const };
    const title = await seerr.find(request, options);
    await seerr.removeRequest(requestId, options);
    return { result: 'removed' as const, title: title?.title ?? null, year: title?.year ?? null };
  },
  async verify(stack, { requestId }, options) {
    const request = await stack.get('jellyseerr').findRequest(requestId, options);
    return request === null ? 'happened' : 'did_not_happen';
  },
  done: {
    removed: () => '🗑️ Removed the request from Seerr.',
    already_gone: () => 'The request was gone from Seerr already.',
  },
});
