import { describe, expect, it } from 'vitest';
import { ServiceError, type ServiceFailure, serviceFailures } from '../../src/errors.ts';
import { type Message, sayInEnglish } from '../../src/messages.ts';
import { actingUserMessages } from '../../src/services/acting-user.ts';
import { describeFailure } from '../../src/services/describe-failure.ts';
import { seerrWords } from '../../src/services/jellyseerr/words.ts';
import { radarrWords } from '../../src/services/radarr/words.ts';
import { definitionOf, type ServiceName } from '../../src/services/registry.ts';
import { sonarrWords } from '../../src/services/sonarr/words.ts';

function words(
  failure: ServiceFailure,
  service: ServiceName = 'radarr',
  more: { detail?: string; status?: number } = {},
): string {
  const error = new ServiceError({ service, failure, sent: 'answered', ...more });
  const { what, nextStep } = describeFailure(error, definitionOf(service), sayInEnglish);
  return `${what} ${nextStep}`;
}

describe('a failure in words', () => {
  const telling = {
    address_not_found: /name in Radarr’s address was not found.*IP address/,
    refused: /refused the connection.*port is right/,
    timed_out: /did not answer in time.*switched on/,
    connection_lost: /connection to Radarr was lost.*Try again/,
    certificate: /certificate is not trusted.*http:\/\/.*NODE_EXTRA_CA_CERTS/,
    plain_http: /uses http on that port, but the address says https.*http:\/\//,
    wants_https: /uses https on that port, but the address says http\..*https:\/\//,
    wrong_service: /not of Radarr.*Radarr’s own address/,
    unauthorized: /does not accept the key.*services configure/,
    address_refused: /refuses that address\. Give the address and port.*expects/,
    forbidden: /does not allow.*permissions in Radarr/,
    not_found: /not found at that path.*URL base.*\/radarr/,
    rejected: /refused.*Change/,
    conflict: /already has this.*Nothing more/,
    rate_limited: /too many requests.*Wait a minute/,
    server_error: /internal error.*log/,
    not_json: /web page.*proxy/,
    unexpected_reply: /does not understand.*Update Radarr/,
    compressed: /compressed/,
    too_large: /too large/,
    redirected: /redirects; your key was not sent/,
    address_not_allowed: /not allowed to connect.*SERVICE_ADDRESSES/,
    own_address: /belongs to the bot or its database.*Radarr’s own address.*services configure/,
  } satisfies Record<ServiceFailure, RegExp>;

  it.each(serviceFailures)('%s has words of its own and a next step', (failure) => {
    expect(words(failure)).toMatch(telling[failure]);
  });

  it('differs from every other, and is two short sentences', () => {
    expect(new Set(serviceFailures.map((failure) => words(failure))).size).toBe(serviceFailures.length);
    for (const failure of serviceFailures) {
      const error = new ServiceError({ service: 'radarr', failure, sent: 'no' });
      const { what, nextStep } = describeFailure(error, definitionOf('radarr'), sayInEnglish);
      for (const sentence of [what, nextStep]) {
        expect(sentence).toMatch(/^[A-Z].*\.$/);
        expect(sentence.length).toBeLessThan(160);
      }
    }
  });

  it('names what answered, where a redirect leads, and the server’s own words', () => {
    expect(words('wrong_service', 'radarr', { detail: 'Sonarr' })).toContain('the address of Sonarr, not of Radarr');
    expect(words('redirected', 'radarr', { detail: 'https://sso.example.com' })).toContain(
      'to `https://sso.example.com`;',
    );
    expect(words('rejected', 'radarr', { detail: 'Root folder path is invalid' })).toContain(
      'Root folder path is invalid',
    );
    expect(words('conflict', 'sonarr', { detail: 'This series has already been added' })).toContain(
      'already been added',
    );
    expect(words('server_error', 'radarr', { status: 503 })).toContain('(HTTP 503)');
  });

  it('ends a server’s own words with a full stop, once', () => {
    for (const failure of ['forbidden', 'rejected', 'conflict'] as const) {
      expect(words(failure, 'radarr', { detail: 'Not for you' })).toMatch(/Not for you\. [A-Z]/);
      for (const end of ['.', '!', '?', '…'])
        expect(words(failure, 'radarr', { detail: `No${end}` })).toMatch(/No[.!?…] [A-Z]/);
    }
  });

  it('says in a whole sentence of its own what the bot knows more of than the failure', () => {
    const said = (service: ServiceName, failure: ServiceFailure, explained: Message<{ label: string }>) => {
      const error = new ServiceError({ service, failure, sent: 'answered', explained });
      return Object.values(describeFailure(error, definitionOf(service), sayInEnglish)).join(' ');
    };
    const change = (label: string) => `Change the request, or check ${label} itself.`;
    const ask = 'Ask whoever runs Seerr to allow it or do it for you.';
    expect(said('radarr', 'rejected', radarrWords.noSuchTitle)).toBe(
      `Radarr refused: it knows no film with that id. ${change('Radarr')}`,
    );
    expect(said('sonarr', 'rejected', sonarrWords.noSuchTitle)).toBe(
      `Sonarr refused: it knows no series with that id. ${change('Sonarr')}`,
    );
    expect(said('jellyfin', 'rejected', actingUserMessages.notChosen)).toBe(
      `Jellyfin refused: you have not chosen which of its users you are, and the key belongs to its owner. ${change('Jellyfin')}`,
    );
    expect(said('jellyseerr', 'rejected', seerrWords.userIsGone)).toBe(
      `Seerr refused: the user you chose no longer exists. Choose another with /services configure. ${change('Seerr')}`,
    );
    expect(said('jellyseerr', 'forbidden', seerrWords.noPermission)).toBe(
      `Seerr does not allow this: that user has no permission for this. ${ask}`,
    );
    expect(said('jellyseerr', 'forbidden', seerrWords.approvedStays)).toBe(
      `Seerr does not allow this: only users who manage requests may remove an approved one. ${ask}`,
    );
  });

  it('tells who is banned how long that is, and which port is refused', () => {
    const banned = 'Your IP address has been banned after too many failed authentication attempts.';
    expect(words('forbidden', 'qbittorrent', { detail: banned })).toMatch(/attempts\. Wait for the ban to end/);
    expect(words('address_refused', 'qbittorrent', { detail: '18080' })).toMatch(
      /refuses port 18080: its “Host header validation”.*switch that validation off/,
    );
    expect(words('unauthorized', 'qbittorrent')).toMatch(/user name or password/);
  });

  it('names Seerr’s CSRF setting when that is the reason', () => {
    const detail = 'invalid csrf token';
    expect(words('forbidden', 'jellyseerr', { detail })).toContain('invalid csrf token. Switch off “Enable CSRF');
    expect(words('forbidden', 'jellyseerr')).not.toContain('CSRF');
    expect(words('forbidden', 'jellyfin', { detail })).not.toContain('Switch off');
  });
});
