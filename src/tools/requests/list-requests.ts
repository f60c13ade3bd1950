import { z } from 'zod';
import { ServiceError } from '../../errors.ts';
import { messages, sayInEnglish } from '../../messages.ts';
import { requestStates } from '../../services/jellyseerr/media-info.ts';
import { inEdition, requestFilters } from '../../services/jellyseerr/schemas.ts';
import { listWords, titleLine } from '../answer-words.ts';
import { about } from '../sentences.ts';
import { shortTitle, shortTitleShape } from '../title-list.ts';
import { aboutLast } from '../titles/title-sentences.ts';
import { defineReadTool } from '../tool.ts';
import { requestStateNow } from './seerr-requests.ts';

const mostRequests = 10;

const words = messages('list_requests', {
  activity: 'Looking at the requests',
  untitled: 'Unknown',
});

export const listRequests = defineReadTool({
  name: 'list_requests',
  description: 'The newest requests in Seerr with their state: the person’s own, or everybody’s.',
  services: ['jellyseerr'],
  input: z.object({ everybody: z.boolean().optional(), filter: z.enum(requestFilters).optional() }),
  output: z.object({
    requests: z.array(
      z.object({
        requestId: z.number(),
        state: z.enum(requestStates),
        ...shortTitleShape,
        is4k: z.boolean(),
        seasons: z.array(z.number()),
        requestedBy: z.string().nullish(),
      }),
    ),
  }),
  words,
  sentences: {
    phrases: [
      {
        says: [
          'what did I|we request [in|on] [Seerr|Jellyseerr]',
          'what have I|we requested [in|on] [Seerr|Jellyseerr]',
          '[show|list] [me] my requests',
        ],
      },
      { says: ["[show|list] [me] all|everybody's [the] requests"], means: { everybody: true } },
      {
        says: ['what waits for approval', 'what requests wait|are waiting', '[show|list] [me] the pending requests'],
        means: { everybody: true, filter: 'pending' },
      },
      { says: aboutLast, recalls: 'request_in_seerr' },
    ],
    input: { everybody: about('everybody'), filter: about('filter') },
    answer: ({ requests }) =>
      listWords(requests, {
        heading: 'Requests in Seerr:',
        nothing: 'There are no requests in Seerr.',
        line: titleLine,
      }),
    tells({ requests }, { title = '' }) {
      const meant = requests.find((request) => request.title.toLowerCase().includes(title.toLowerCase()));
      return meant === undefined ? null : { requestId: meant.requestId };
    },
  },
  async run(stack, { everybody = false, filter }, options) {
    const seerr = stack.get('jellyseerr');
    const requests = await seerr.requests({ ...options, mine: !everybody, most: mostRequests, filter });
    // A request has no title of its own: each title is asked for, side by side.
    const titles = await Promise.all(
      requests.map((request) =>
        seerr.find(request, options).catch((error: unknown) => {
          // One title that cannot be read must not hide the other requests.
          if (error instanceof ServiceError && error.failure === 'server_error') return null;
          throw error;
        }),
      ),
    );
    return {
      requests: requests.map((request, index) => {
        const { id, seasons, is4k, requestedBy } = request;
        const title = titles[index];
        const state = requestStateNow(request, title ?? null);
        const named =
          title == null
            ? { title: sayInEnglish(words.untitled), year: null, status: 'unknown' }
            : shortTitle(inEdition(title, is4k));
        return { requestId: id, state, ...named, is4k, seasons, ...(everybody ? { requestedBy } : {}) };
      }),
    };
  },
});
