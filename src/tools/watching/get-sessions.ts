import { z } from 'zod';
import { messages } from '../../messages.ts';
import type { PlaySession } from '../../services/jellyfin/items.ts';
import { listWords, nameOf } from '../answer-words.ts';
import { itemNameParts, itemTitle, itemTitleShape } from '../library/item-words.ts';
import { inPartsShape, type ListExtras } from '../library/row-words.ts';
import { defineReadTool } from '../tool.ts';

const mostSessions = 20;

const words = messages('get_sessions', {
  activity: 'Looking at who is watching',
});

export const getSessions = defineReadTool({
  name: 'get_sessions',
  description: 'Who is watching what in Jellyfin right now, and how far.',
  model: { tool: 'get_activity', action: 'sessions' },
  services: ['jellyfin'],
  input: z.object({}),
  output: z.object({
    sessions: z.array(
      z.object({
        /** Rows of earlier versions have none. */
        sessionId: z.string().nullish(),
        user: z.string().nullable(),
        device: z.string().nullable(),
        ...itemTitleShape,
        item: inPartsShape.item,
        percent: z.number().nullable(),
        isPaused: z.boolean(),
        isTranscoding: z.boolean(),
      }),
    ),
    more: z.number(),
  }),
  words,
  sentences: {
    phrases: [{ says: ['who is watching|streaming [right] [now]', 'what is playing [right] [now]'] }],
    input: {},
    answer: ({ sessions }) =>
      listWords(sessions, {
        heading: 'Watching now:',
        nothing: 'Nobody is watching now.',
        line: (session) => `${session.user ?? 'Somebody'}: ${nameOf(session)}`,
      }),
  },
  async run(stack, _input, options, { forPeople = false }: Partial<ListExtras>) {
    const sessions = await stack.get('jellyfin').sessions(options);
    return {
      sessions: sessions.slice(0, mostSessions).map((session) => ({
        ...sessionSummary(session),
        ...(forPeople ? { item: itemNameParts(session.item) } : {}),
      })),
      more: Math.max(0, sessions.length - mostSessions),
    };
  },
});

function sessionSummary({ id, user, device, item, percent, isPaused, isTranscoding }: PlaySession) {
  return {
    sessionId: id,
    user,
    device,
    ...itemTitle(item),
    percent: percent === null ? null : Math.floor(percent),
    isPaused,
    isTranscoding,
  };
}
