import { messages } from '../../messages.ts';
import { pageWords } from '../answer-words.ts';
import { slot } from '../sentences.ts';
import { listPage, listPageInput, listPageOf } from '../title-list.ts';
import { seriesSummary, seriesSummaryShape } from '../titles/summaries.ts';
import { defineReadTool } from '../tool.ts';

const words = messages('list_series', {
  activity: 'Looking through Sonarr’s library',
});

export const listSeries = defineReadTool({
  name: 'list_series',
  description: 'The series in the library, newest first; `query` filters by title.',
  services: ['sonarr'],
  input: listPageInput,
  output: listPageOf(seriesSummaryShape),
  words,
  sentences: {
    phrases: [
      {
        says: [
          'which|what series|shows do I|we have',
          'list|show [me] [my|our|the|all] series|shows',
          'what is on|in [my|our|the] Sonarr',
          'list|show [me] [my|our|the|all] series|shows called|named {title}',
        ],
      },
    ],
    example: { title: 'breaking' },
    input: { query: slot('title') },
    answer: pageWords,
  },
  async run(stack, input, options) {
    return listPage(await stack.get('sonarr').library(options), input, seriesSummary);
  },
});
