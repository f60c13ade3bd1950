import type { APIComponentInContainer } from 'discord.js';
import { UserError } from '../../errors.ts';
import { type MinimumAvailability, type Movie, minimumAvailabilities } from '../../services/titles.ts';
import { requestMovie } from '../../tools/radarr.ts';
import { choiceIsGone, defineCard } from './card.ts';
import { actionRow, choiceRow, fieldId } from './controls.ts';
import { changePlaces, type Places, placeRows, preparePlaces } from './quality-and-folder.ts';
import { requestFace } from './title-face.ts';

type Details = Places & { title: Movie };

const availabilityWords: Record<MinimumAvailability, string> = {
  announced: 'as soon as announced',
  inCinemas: 'once it is in cinemas',
  released: 'once it is out for home',
};

/** Whether Radarr would do nothing with a request: it has the film, or watches for it. */
export function isWanted({ status }: Movie): boolean {
  return status.state !== 'absent' && status.state !== 'unmonitored';
}

export const requestMovieCard = defineCard({
  input: requestMovie.input,
  words: {
    busy: 'Requesting…',
    server: 'Radarr',
  },
  async load(stack, { tmdbId }, options): Promise<Details> {
    const radarr = stack.get('radarr');
    const [title, profiles, folders] = await Promise.all([
      radarr.find(tmdbId, options),
      radarr.qualityProfiles(options),
      radarr.rootFolders(options),
    ]);
    if (title === null)
      throw new UserError('Radarr knows no film with that TMDB id. Search for the title with `/request movie`.');
    return { title, profiles, folders };
  },
  prepare: (input, details, { radarr }) => ({
    ...input,
    ...preparePlaces(input, details, radarr),
    minimumAvailability: input.minimumAvailability ?? radarr?.minimumAvailability ?? 'released',
  }),
  render({ callId, input, details, page }): APIComponentInContainer[] {
    if (isWanted(details.title)) {
      const face = requestFace(details.title, 'It is in Radarr already: a request would change nothing.');
      return [...face, actionRow(callId, 'Request')];
    }
    const face = requestFace(details.title, 'Goes to **Radarr**.');
    // What is in the library keeps the profile and folder that it has.
    if (details.title.libraryId !== null) return [...face, actionRow(callId, 'Request')];
    const options = minimumAvailabilities.map((value) => ({
      value,
      label: `Download ${availabilityWords[value]}`,
      isChosen: value === input.minimumAvailability,
    }));
    return [
      ...face,
      ...placeRows({ callId, page }, input, details),
      choiceRow(fieldId(callId, 'availability', page), 'Minimum availability', options),
      actionRow(callId, 'Request'),
    ];
  },
  change(input, { field, values }, details) {
    if (field !== 'availability') return { ...input, ...(changePlaces(field, values, details) ?? choiceIsGone()) };
    const value = minimumAvailabilities.find((known) => known === values[0]) ?? choiceIsGone();
    return { ...input, minimumAvailability: value };
  },
  remember: ({ qualityProfileId, rootFolderPath, minimumAvailability }, { title }) =>
    title.libraryId === null ? { radarr: { qualityProfileId, rootFolderPath, minimumAvailability } } : {},
});
