import { describe, expect, it } from 'vitest';
import { ServiceError, type ServiceFailure, serviceFailures } from '../../src/errors.ts';
import { describeFailure } from '../../src/services/describe-failure.ts';

function words(failure: ServiceFailure, label = 'Radarr', more: { detail?: string; status?: number } = {}): string {
  const error = new ServiceError({ service: 'radarr', failure, sent: 'answered', ...more });
  const { what, nextStep } = describeFailure(error, label);
  return `${what} ${nextStep}`;
}

describe('a failure in words', () => {
  const telling = {
    address_not_found: /name in Radarr’s address was not found.*IP address/,
    refused: /refused the connection.*port is right/,
    timed_out: /did not answer in time.*switched on/,
    connection_lost: /broke off.*Try again/,
    certificate: /certificate is not trusted.*http:\/\/.*NODE_EXTRA_CA_CERTS/,
    wrong_service: /not Radarr.*address of Radarr/,
    unauthorized: /does not accept the key.*services configure/,
    forbidden: /does not allow.*may do in Radarr/,
    not_found: /not found at that path.*URL base.*\/radarr/,
    rejected: /refused.*Change/,
    conflict: /already there.*Nothing more/,
    rate_limited: /too many requests.*Wait a minute/,
    server_error: /error of its own.*log/,
    not_json: /web page.*proxy/,
    unexpected_reply: /does not understand.*Update Radarr/,
    too_large: /too large/,
    redirected: /sends the bot on.*key was not sent/,
    address_not_allowed: /not allowed to connect.*SERVICE_ADDRESSES/,
  } satisfies Record<ServiceFailure, RegExp>;

  it.each(serviceFailures)('%s has words of its own and a next step', (failure) => {
    expect(words(failure)).toMatch(telling[failure]);
  });

  it('is no one else’s, and two short sentences', () => {
    expect(new Set(serviceFailures.map((failure) => words(failure))).size).toBe(serviceFailures.length);
    for (const failure of serviceFailures) {
      const error = new ServiceError({ service: 'radarr', failure, sent: 'no' });
      const { what, nextStep } = describeFailure(error, 'Radarr');
      for (const sentence of [what, nextStep]) {
        expect(sentence).toMatch(/^[A-Z].*\.$/);
        expect(sentence.length).toBeLessThan(160);
      }
    }
  });

  it('names what answered, where a redirect leads, and the server’s own words', () => {
    expect(words('wrong_service', 'Radarr', { detail: 'Sonarr' })).toContain('it is Sonarr, not Radarr');
    expect(words('redirected', 'Radarr', { detail: 'https://sso.example.com' })).toContain(
      'to https://sso.example.com;',
    );
    expect(words('rejected', 'Radarr', { detail: 'Root folder path is invalid' })).toContain(
      'Root folder path is invalid',
    );
    expect(words('conflict', 'Sonarr', { detail: 'This series has already been added' })).toContain(
      'already been added',
    );
    expect(words('server_error', 'Radarr', { status: 503 })).toContain('(HTTP 503)');
  });

  it('of a Seerr that forbids names its CSRF setting', () => {
    expect(words('forbidden', 'Seerr')).toContain('CSRF');
    expect(words('forbidden', 'Jellyfin')).not.toContain('CSRF');
  });
});
