import { describe, expect, it } from 'vitest';
import { openSeerr } from '../../../src/services/jellyseerr/client.ts';
import { connectionTo, Refusal, startRoutes } from '../loopback-server.ts';

describe('seerr', () => {
  it('checks the public status, the key and the requests', async () => {
    await using server = await startRoutes({
      'GET /api/v1/status': () => ({ version: '3.1.0', commitTag: 'v3.1.0', restartRequired: false }),
      'GET /api/v1/auth/me': ({ headers }) =>
        headers['x-api-key'] === 'the-secret'
          ? { id: 1, permissions: 2 }
          : new Refusal(403, { error: 'no permission' }),
      'GET /api/v1/request/count': () => ({ total: 1, pending: 0, movie: 1, tv: 0 }),
    });
    const check = await openSeerr(connectionTo(server.url)).check();
    expect(check).toEqual({ version: '3.1.0', holds: '1 request, 0 waiting for approval' });
    // Seerr answers a wrong key with 403, which elsewhere means that the user may not.
    const wrong = openSeerr(connectionTo(server.url, { secret: 'another' })).check();
    await expect(wrong).rejects.toMatchObject({ failure: 'unauthorized', status: 403 });
  });
});
