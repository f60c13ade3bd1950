import { z } from 'zod';
import { seasonNumbers } from './seasons.ts';

/** What the tools that act give back. Rows may be of another version or cut short, so nothing is certain. */
const outputSchema = z.object({
  result: z.string().catch(''),
  title: z.string().nullable().catch(null),
  year: z.number().nullable().catch(null),
  requestedSeasons: z.array(z.number()).catch([]),
  searchedSeasons: z.array(z.number()).catch([]),
});

function read(output: unknown) {
  const parsed = outputSchema.safeParse(output);
  return parsed.success ? parsed.data : null;
}

/** The title that an output names, where the server was not asked again. */
export function titleOfOutput(output: unknown): { title: string; year: number | null; posterUrl: null } | null {
  const known = read(output);
  return known === null || known.title === null ? null : { title: known.title, year: known.year, posterUrl: null };
}

/** The seasons that a call requested, as "seasons 1, 2"; empty for a film. */
export function requestedWords(output: unknown): string {
  return seasonNumbers(read(output)?.requestedSeasons ?? []);
}

/** How a call that succeeded ended, in one line. `server` is the name of the one that was asked. */
export function doneWords(output: unknown, server: string): string {
  const known = read(output);
  const requested = known === null || known.requestedSeasons.length === 0 ? '' : seasonNumbers(known.requestedSeasons);
  const searched = known === null || known.searchedSeasons.length === 0 ? '' : seasonNumbers(known.searchedSeasons);
  switch (known?.result) {
    case 'requested':
      return server === 'Seerr'
        ? `✅ Requested${requested && `: ${requested}`}. Seerr approved it and passes it on.`
        : `✅ Requested${requested && `: ${requested}`}. ${server} is looking for it.`;
    case 'waiting_for_approval':
      return `📨 Requested${requested && `: ${requested}`}. It waits for approval in ${server}.`;
    case 'nothing_left':
      return `All of it is there or requested in ${server} already, so nothing was changed.`;
    case 'already_requested':
      return `It is requested in ${server} already, so nothing was changed.`;
    case 'removed':
      return `🗑️ Removed the request from ${server}.`;
    case 'already_gone':
      return `The request was gone from ${server} already.`;
    case 'seasons_added':
      return `✅ Added${requested ? `: ${requested}` : ''}. ${server} is looking for the episodes.`;
    case 'monitored_again':
      return `✅ Requested. It was in the library; ${server} watches for it again and is looking for it.`;
    case 'already_there':
      return `It was in ${server} already, so nothing was changed.`;
    case 'search_started':
      return `🔎 ${server} is searching again${searched && `: ${searched}`}.`;
    case 'paused':
      return `⏸️ Paused in ${server}.`;
    case 'resumed':
      return `▶️ Resumed in ${server}.`;
    case 'found_there_after_restart':
    case 'found_there_after_no_answer':
      return `✅ The answer was lost, but it got through: ${server} did it.`;
    default:
      return `✅ Done. ${server} took the request.`;
  }
}
