import { z } from 'zod';
import { messages, sayInEnglish } from '../../messages.ts';
import { type CalendarEntry, releaseKinds } from '../../services/arr/calendar.ts';
import { listWords, nameOf } from '../answer-words.ts';
import { fromEach, type ProblemExtras, problemsFor } from '../from-each.ts';
import { defineReadTool } from '../tool.ts';
import { dayAfter, dayIn, midnightOf } from './days.ts';

const mostDays = 60;
const usualDays = 7;
const mostEntries = 40;

const entrySchema = z.object({
  day: z.string(),
  what: z.enum(releaseKinds),
  title: z.string(),
  year: z.number().nullable(),
  tmdbId: z.number().nullish(),
  tvdbId: z.number().nullish(),
  season: z.number().nullish(),
  episode: z.number().nullish(),
  episodeTitle: z.string().nullish(),
  isThere: z.boolean(),
});
type Row = z.output<typeof entrySchema>;

const words = messages('get_calendar', {
  activity: 'Looking at the calendar',
  cinema: 'in cinemas',
  digital: 'digitally',
  physical: 'on disc',
  isThere: 'there already',
});

export const getCalendar = defineReadTool({
  name: 'get_calendar',
  description:
    'Films and episodes that come out in the next `days` (default 7), or came out in the last ones if negative.',
  services: ['radarr', 'sonarr'],
  input: z.object({ days: z.number().int().min(-mostDays).max(mostDays).optional() }),
  output: z.object({
    entries: z.array(entrySchema),
    total: z.number(),
    problems: z.array(z.string()),
  }),
  words,
  sentences: {
    phrases: [
      {
        says: [
          'what comes out this week',
          'what is coming [out] [soon]',
          'what airs this week',
          'what is on my|the calendar',
        ],
      },
      { says: ['what came out this|last week', 'what aired this|last week'], means: { days: -usualDays } },
      { says: ['what comes out this|next month'], means: { days: 30 } },
    ],
    input: {},
    answer: ({ entries, total, problems }) =>
      listWords(entries, {
        heading: entries.length < total ? `The first ${entries.length} of ${total}:` : 'By day:',
        nothing: 'Nothing that you wait for comes out then.',
        line: rowWords,
        problems,
      }),
  },
  async run(stack, { days = usualDays }, options, extras: Partial<ProblemExtras>) {
    const { timeZone } = stack.caller;
    const today = dayIn(timeZone, new Date());
    const [first, last] = days < 0 ? [dayAfter(today, days), today] : [today, dayAfter(today, Math.max(0, days - 1))];
    // A day there is on two days of UTC: what is too much is left out below.
    const range = { from: midnightOf(dayAfter(first, -1)), to: midnightOf(dayAfter(last, 2)) };
    const asked = await fromEach(['radarr', 'sonarr'], stack, (name) => stack.get(name).calendar(range, options));
    const rows = asked
      .flatMap(({ answer }) => answer ?? [])
      .map((entry) => rowOf(entry, timeZone))
      .filter(({ day }) => day >= first && day <= last)
      .toSorted((one, other) => one.day.localeCompare(other.day) || one.title.localeCompare(other.title));
    const problems = asked.flatMap(({ problem }) => problem ?? []);
    return { entries: rows.slice(0, mostEntries), total: rows.length, problems: problemsFor(stack, problems, extras) };
  },
});

/** A film has a day of its own, wherever the person is; an episode the day on which it is broadcast there. */
function rowOf({ what, title, year, id, episode, at, isThere }: CalendarEntry, timeZone: string | null): Row {
  const day = dayIn(episode === null ? null : timeZone, at);
  if (episode === null) return { day, what, title, year, tmdbId: id, isThere };
  const { season, number, title: episodeTitle } = episode;
  return { day, what, title, year, tvdbId: id, season, episode: number, episodeTitle, isThere };
}

function rowWords({ day, what, title, year, season, episode, episodeTitle, isThere }: Row): string {
  const which = what === 'episode' ? `${title} ${season}x${String(episode).padStart(2, '0')}` : nameOf({ title, year });
  const say = sayInEnglish;
  const how = what === 'episode' ? (episodeTitle ?? '') : say(words[what]);
  const facts = [which, how, isThere ? say(words.isThere) : ''];
  return `${day}: ${facts.filter((fact) => fact !== '').join(', ')}`;
}
