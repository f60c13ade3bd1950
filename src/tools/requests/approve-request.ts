import { z } from 'zod';
import { messages } from '../../messages.ts';
import { definePressTool } from '../tool.ts';
import {
  decideRequest,
  decisionMessages,
  decisionResults,
  ofRequest,
  previewDecision,
  verdictOnDecision,
} from './decide-request.ts';

const words = messages('approve_request', {
  activity: 'Approving the request',
  button: 'Approve',
  busy: 'Approving…',
  change: 'Approving lets Seerr get it.',
  approved: '✅ Approved in Seerr.',
});

export const approveRequest = definePressTool({
  name: 'approve_request',
  description: 'Approve a request that waits.',
  model: { tool: 'change_requests', action: 'approve' },
  effect: 'write',
  services: ['jellyseerr'],
  input: ofRequest.input,
  output: z.discriminatedUnion('result', [
    z.object({ result: z.literal('decided'), title: z.string().nullable(), year: z.number().nullable() }),
    ...decisionResults,
  ]),
  words,
  sentences: {
    phrases: [
      {
        says: ['approve the newest|latest|last request', 'approve [the] request for {title}', 'approve {title}'],
        about: ofRequest.about,
        example: { title: 'Arrival' },
      },
    ],
    input: ofRequest.source,
  },
  load: ofRequest.load,
  preview: (_input, details, say) => previewDecision(details, say(words.change), say),
  run: (stack, input, options) => decideRequest(stack, input, 'approve', options),
  verify: (stack, input, options) =>
    // Seerr passes it on at once: by now that may have failed, or be over.
    verdictOnDecision(stack, input, (state) => ['approved', 'failed', 'completed'].includes(state), options),
  done: {
    decided: (_outcome, { say }) => say(words.approved),
    already_gone: (_outcome, { say }) => say(decisionMessages.alreadyGone),
    not_waiting: (_outcome, { say }) => say(decisionMessages.notWaiting),
  },
});
