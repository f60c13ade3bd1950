import { ServiceError, UserError } from '../../errors.ts';
import { messages } from '../../messages.ts';
import { serviceDefinitions } from '../../services/registry.ts';
import { describeError } from '../describe-error.ts';

export const searchMessages = messages('search_after_request', {
  notBegun:
    '{server} wants it now, but may not have begun to search for it. {problem} Then request it again and choose **Search again**.',
});

/** Waits for the search that follows once a title is monitored. Throws UserError when the server may not have begun it. */
export async function searchOrTell(service: 'radarr' | 'sonarr', search: Promise<void>): Promise<void> {
  try {
    await search;
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    const server = serviceDefinitions[service].label;
    throw new UserError((say) => say(searchMessages.notBegun, { server, problem: describeError(error, say) }), {
      cause: error,
    });
  }
}
