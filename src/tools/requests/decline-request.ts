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

const words = messages('decline_request', {
  activity: 'Declining the request',
  button: 'Decline',
  busy: 'Declining…',
  change: 'Declining it means that Seerr does not get it. Whoever asked may ask again.',
  declined: '🚫 Declined in Seerr.',
});

export const declineRequest = definePressTool({
  name: 'decline_request',
  description: 'Decline a request that waits.',
  model: { tool: 'change_requests', action: 'decline' },
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
        says: [
          'decline|refuse|reject the newest|latest|last request',
          'decline|refuse|reject [the] request for {title}',
          'decline|refuse|reject {title}',
        ],
        about: ofRequest.about,
        example: { title: 'Arrival' },
      },
    ],
    input: ofRequest.source,
  },
  load: ofRequest.load,
  preview: (_input, details, say) => previewDecision(details, say(words.change), say),
  run: (stack, input, options) => decideRequest(stack, input, 'decline', options),
  verify: (stack, input, options) => verdictOnDecision(stack, input, (state) => state === 'declined', options),
  done: {
    decided: (_outcome, { say }) => say(words.declined),
    already_gone: (_outcome, { say }) => say(decisionMessages.alreadyGone),
    not_waiting: (_outcome, { say }) => say(decisionMessages.notWaiting),
  },
});
