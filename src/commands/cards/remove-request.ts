import type { APIComponentInContainer } from 'discord.js';
import { UserError } from '../../errors.ts';
import type { SeerrRequest } from '../../services/jellyseerr/schemas.ts';
import { ownRequest, removeRequest } from '../../tools/jellyseerr.ts';
import { type CardTitle, choiceIsGone, defineCard } from './card.ts';
import { actionRow } from './controls.ts';
import { seasonNumbers } from './seasons.ts';
import { text, titleFace } from './title-face.ts';

const stateWords: Record<SeerrRequest['state'], string> = {
  waiting_for_approval: 'waits for approval',
  approved: 'approved',
  declined: 'declined',
  failed: 'failed',
  completed: 'done',
  unknown: 'in an unknown state',
};

type Details = { title: CardTitle; request: SeerrRequest };

export const removeRequestCard = defineCard({
  input: removeRequest.input,
  words: { busy: 'Removing the request…', server: 'Seerr' },
  async load(stack, { requestId }, options): Promise<Details> {
    const seerr = stack.get('jellyseerr');
    const request = await ownRequest(stack, requestId, options);
    if (request === null) throw new UserError('That request is not in Seerr any more. Nothing is left to remove.');
    const title = await seerr.find(request, options);
    return { title: title ?? { title: `Request ${requestId}`, year: null, posterUrl: null }, request };
  },
  prepare: (input) => input,
  render: ({ callId, details: { title, request } }): APIComponentInContainer[] => [
    ...titleFace(title, [
      [seasonNumbers(request.seasons), request.is4k ? '4K' : '', stateWords[request.state]].filter(Boolean).join(' · '),
    ]),
    text('Removing takes the request out of Seerr. What is downloaded stays.'),
    actionRow(callId, 'Remove the request'),
  ],
  change: choiceIsGone,
  remember: () => ({}),
});
