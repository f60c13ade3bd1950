/** One item as Jellyfin lists it; only what its document names. */
export type JellyfinItem = {
  Id: string;
  Name: string;
  Type: 'Movie' | 'Series' | 'Season' | 'Episode';
  ProductionYear?: number;
  RunTimeTicks?: number;
  CommunityRating?: number;
  DateCreated: string;
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
});

const episode = (
  number: number,
  SeriesName: string,
  [season, index]: [number, number],
  Name: string,
): JellyfinItem => ({
  Id: id(number),
  Name,
  Type: 'Episode',
  SeriesName,
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
  { Id: id(10), Name: 'Chernobyl', Type: 'Series', ProductionYear: 2019, DateCreated: day(3) },
  { Id: id(11), Name: 'Breaking Bad', Type: 'Series', ProductionYear: 2008, DateCreated: day(20) },
  episode(20, 'Breaking Bad', [2, 1], 'Seven Thirty-Seven'),
  episode(21, 'Breaking Bad', [2, 2], 'Grilled'),
];
