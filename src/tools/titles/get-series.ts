import { z } from 'zod';
import { UserError } from '../../errors.ts';
import { messages } from '../../messages.ts';
import { describeTitle } from '../answer-words.ts';
import { told } from '../sentences.ts';
import { defineReadTool } from '../tool.ts';
import { searchSeries } from './search-series.ts';
import { seriesId } from './summaries.ts';
import { seriesSchema } from './title-schemas.ts';
import { aboutLast, aboutTitle, seriesExample } from './title-sentences.ts';
import { unknownTitleMessages } from './unknown-title.ts';

const words = messages('get_series', {
  activity: 'Looking at the series in Sonarr',
});

export const getSeries = defineReadTool({
  name: 'get_series',
  description: 'Details of one series: overview, rating, and for each season how many episodes are there.',
  services: ['sonarr'],
  input: z.object({ tvdbId: seriesId }),
  output: seriesSchema,
  words,
  sentences: {
    phrases: [{ says: aboutTitle }, { says: aboutLast, recalls: 'request_series' }],
    example: seriesExample,
    input: { tvdbId: told(searchSeries, 'tvdbId') },
    answer: describeTitle,
    tells: ({ seasons }) => ({
      listed: seasons.map(({ seasonNumber }) => seasonNumber).filter((number) => number > 0),
    }),
  },
  async run(stack, { tvdbId }, options) {
    const series = await stack.get('sonarr').find(tvdbId, options);
    if (series === null) throw new UserError((say) => say(unknownTitleMessages.series));
    return series;
  },
});
