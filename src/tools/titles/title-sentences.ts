/*
 * Sentences about titles that several operations understand: which of them is meant is decided by what the person's servers offer and
 * find, so each has the very same ones.
 */

const get = 'get|add|request|download|grab|fetch|order|watch|see [me|us]';
const want = 'I|we want|need';

/** Asking for a title, whichever kind it is. */
export const getTitle = [`${get} {title}`, `${want} {title}`] as const;
export const getTitleIn4k = [`${get} {title} in 4k|uhd`] as const;
export const getTitleInSeerr = [`${get} {title} in|on Seerr|Jellyseerr`] as const;
export const getFilm = [
  `${get} the film|movie {title}`,
  `${get} {title} from|of {year}`,
  `${want} the film|movie {title}`,
  `${want} {title} from|of {year}`,
] as const;
export const getSeriesWhole = [
  `${get} the [tv] series|show {title}`,
  `${get} all [the] seasons of {title}`,
  `${get} all of {title}`,
  `${want} the [tv] series|show {title}`,
] as const;
export const getSeasons = [
  `${get} season|seasons {seasons} of {title}`,
  `${get} {title} season|seasons {seasons}`,
  `${want} season|seasons {seasons} of {title}`,
] as const;
export const getFirstSeason = [`${get} [the] first season of {title}`] as const;

/** Looking for a title. */
export const findTitle = [
  'search|look [for] {title}',
  'find {title}',
  'look up {title}',
  'do|have I|we have|got {title}',
  'is there {title}',
] as const;
export const findFilm = ['search|look [for] the film|movie {title}', 'find the film|movie {title}'] as const;
export const findSeries = [
  'search|look [for] the [tv] series|show {title}',
  'find the [tv] series|show {title}',
] as const;

/** Asking what a title is. */
export const aboutTitle = [
  'tell me [more] about {title}',
  'what is {title} [about]',
  'how long is {title}',
  'who is in {title}',
  'describe {title}',
] as const;

/** Asking how what was requested last comes on. */
export const aboutLast = [
  'how|where is the one|film|movie|series|show I [just] requested|added|wanted',
  'what about the one|film|movie|series|show I [just] requested|added|wanted',
  'is|has it|that there|done|ready|arrived',
] as const;

export const findAgain = ['search|look for {title} again', 'search again for {title}'] as const;

/** A series, where the example of a title is a film. */
export const seriesExample = { title: 'Severance' };
