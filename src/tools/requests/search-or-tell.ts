import { ServiceError, UserError } from '../../errors.ts';
import { describeError } from '../describe-error.ts';

/** Waits for the search that follows once a title is monitored. Throws UserError when the server may not have begun it. */
export async function searchOrTell(server: 'Radarr' | 'Sonarr', search: Promise<void>): Promise<void> {
  try {
    await search;
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    throw new UserError(
      (say) =>
        `${server} wants it now, but may not have begun to search for it. ${describeError(error, say)} Then request it again and choose **Search again**.`,
      { cause: error },
    );
  }
}
