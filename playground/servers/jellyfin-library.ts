/** One item as Jellyfin lists it; only what its document names. */
export type JellyfinItem = {
  Id: string;
  Name: string;
  Type: 'Movie' | 'Series' | 'Season' | 'Episode';
  ProductionYear?: number;
  RunTimeTicks?: number;
  CommunityRating?: number;
  DateCreated: string;
  /** Of the pictures that it has. */
  ImageTags: Record<string, string>;
  SeriesId?: string;
  SeriesPrimaryImageTag?: string;
  SeriesName?: string;
  ParentIndexNumber?: number;
  IndexNumber?: number;
};

export const ticksPerMinute = 600_000_000;

const id = (number: number) => number.toString(16).padStart(32, '0');
const day = (number: number) => `2026-10-${String(number).padStart(2, '0')}T20:00:00.0000000Z`;

const film = (number: number, Name: string, ProductionYear: number, minutes: number, added: number): JellyfinItem => ({
  Id: id(number),
  Name,
  Type: 'Movie',
  ProductionYear,
  RunTimeTicks: minutes * ticksPerMinute,
  CommunityRating: 8.2,
  DateCreated: day(added),
  ImageTags: { Primary: id(number) },
});

const series = (number: number, Name: string, ProductionYear: number, added: number): JellyfinItem => ({
  Id: id(number),
  Name,
  Type: 'Series',
  ProductionYear,
  DateCreated: day(added),
  ImageTags: { Primary: id(number) },
});

const episode = (
  number: number,
  SeriesName: string,
  SeriesId: string,
  [season, index]: [number, number],
  Name: string,
): JellyfinItem => ({
  Id: id(number),
  Name,
  Type: 'Episode',
  SeriesName,
  SeriesId,
  SeriesPrimaryImageTag: SeriesId,
  ImageTags: {},
  ParentIndexNumber: season,
  IndexNumber: index,
  RunTimeTicks: 45 * ticksPerMinute,
  DateCreated: day(20 + index),
});

/** What Radarr and Sonarr of the playground have, and some episodes. */
export const jellyfinLibrary: readonly JellyfinItem[] = [
  film(1, 'The Matrix', 1999, 136, 2),
  film(2, 'Inception', 2010, 148, 9),
  film(3, 'Alien', 1979, 117, 14),
  series(10, 'Chernobyl', 2019, 3),
  series(11, 'Breaking Bad', 2008, 20),
  episode(20, 'Breaking Bad', id(11), [2, 1], 'Seven Thirty-Seven'),
  episode(21, 'Breaking Bad', id(11), [2, 2], 'Grilled'),
];
