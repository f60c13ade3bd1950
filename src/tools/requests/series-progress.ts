import type { QueueItem, Series } from '../../services/titles.ts';
import { type FollowOptions, justState, type Progress, progressOfDownloads } from '../progress.ts';
import type { Stack } from '../stack.ts';

/**
 * How far seasons of a series in Sonarr have come; without `seasons`, all that are monitored. Null when no season was asked for,
 * and so nothing comes. Asks for the series itself only when its downloads do not tell. Throws ServiceError.
 */
export async function seriesProgress(
  stack: Stack,
  { tvdbId, seasons }: { tvdbId: number; seasons?: readonly number[] | undefined },
  { before, isThorough, downloads, signal }: FollowOptions,
): Promise<Progress | null> {
  if (seasons?.length === 0) return null;
  const queue = await downloads.queue('sonarr');
  const own = (libraryId: number) =>
    queue.filter(
      (item) => item.libraryId === libraryId && (item.seasonNumber === null || isWanted(seasons, item.seasonNumber)),
    );
  const known = before?.libraryId ?? null;
  if (before !== null && known !== null && !isThorough) {
    const items = own(known);
    // As many downloads as before: none was imported, so the episodes are the same too.
    if (items.length === before.queued) return together(items, before, downloads);
  }
  const series = await stack.get('sonarr').inLibrary(tvdbId, { signal });
  if (series === null || series.libraryId === null) return justState('removed');
  const { libraryId } = series;
  const episodes = countEpisodes(series, seasons);
  if (episodes.of > 0 && episodes.have >= episodes.of)
    return justState('available', { percent: 100, episodes, libraryId });
  return together(own(libraryId), { episodes, libraryId }, downloads);
}

async function together(
  items: readonly QueueItem[],
  { episodes, libraryId }: Pick<Progress, 'episodes' | 'libraryId'>,
  downloads: FollowOptions['downloads'],
): Promise<Progress> {
  const found = await progressOfDownloads(items, downloads);
  return { ...justState(found?.state ?? 'searching'), ...found, episodes, libraryId };
}

function isWanted(seasons: readonly number[] | undefined, number: number): boolean {
  return seasons === undefined ? number > 0 : seasons.includes(number);
}

function countEpisodes(series: Series, seasons: readonly number[] | undefined): { have: number; of: number } {
  const counted = series.seasons.filter(
    ({ seasonNumber, monitored }) => isWanted(seasons, seasonNumber) && (seasons !== undefined || monitored),
  );
  return {
    have: counted.reduce((sum, season) => sum + season.episodeFileCount, 0),
    of: counted.reduce((sum, season) => sum + (season.airedEpisodeCount ?? season.episodeCount), 0),
  };
}
