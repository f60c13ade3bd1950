import { z } from 'zod';
import { minimumAvailabilities } from '../../services/titles.ts';

/** How far a title has come on its server. */
export const statusSchema = z.discriminatedUnion('state', [
  z.object({
    state: z.enum(['absent', 'unmonitored', 'requested', 'monitored', 'failed', 'blocklisted', 'available']),
  }),
  z.object({ state: z.literal('downloading'), percent: z.number() }),
  z.object({ state: z.literal('partial'), have: z.number(), of: z.number() }),
]);

const titleSchema = z.object({
  title: z.string(),
  year: z.number().nullable(),
  overview: z.string().nullable(),
  posterUrl: z.string().nullable(),
  runtimeMinutes: z.number().nullable(),
  genres: z.array(z.string()),
  rating: z.number().nullable(),
  libraryId: z.number().nullable(),
  status: statusSchema,
});

/** All that Radarr tells of one film. */
export const movieSchema = titleSchema.extend({
  kind: z.literal('movie'),
  tmdbId: z.number(),
  minimumAvailability: z.enum(minimumAvailabilities).nullable(),
});

/** All that Sonarr tells of one series. */
export const seriesSchema = titleSchema.extend({
  kind: z.literal('series'),
  tvdbId: z.number(),
  seasons: z.array(
    z.object({
      seasonNumber: z.number(),
      monitored: z.boolean(),
      episodeCount: z.number(),
      airedEpisodeCount: z.number().optional(),
      episodeFileCount: z.number(),
    }),
  ),
  ended: z.boolean(),
});
