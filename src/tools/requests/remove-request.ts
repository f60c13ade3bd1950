import { z } from 'zod';
import { UserError } from '../../errors.ts';
import { messages } from '../../messages.ts';
import { told } from '../sentences.ts';
import { definePressTool } from '../tool.ts';
import { listRequests } from './list-requests.ts';
import { nameRequest, requestHead } from './named-request.ts';
import { ownRequest } from './seerr-requests.ts';

const words = messages('remove_request', {
  activity: 'Removing the request',
  button: 'Remove the request',
  busy: 'Removing the request…',
  change: 'Removing takes the request out of Seerr. What is downloaded stays.',
  nothingLeft: 'That request is not in Seerr any more. Nothing is left to remove.',
  removed: '🗑️ Removed the request from Seerr.',
  alreadyGone: 'The request was gone from Seerr already.',
});

export const removeRequest = definePressTool({
  name: 'remove_request',
  description: 'Remove one of the person’s own requests.',
  model: { tool: 'change_requests', action: 'remove' },
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
    if (request === null) throw new UserError((say) => say(words.nothingLeft));
    return nameRequest(stack, request, options);
  },
  preview: (_input, details, say) => ({ ...requestHead(details, say), lines: [say(words.change)] }),
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
    removed: (_outcome, { say }) => say(words.removed),
    already_gone: (_outcome, { say }) => say(words.alreadyGone),
  },
});
