import { describe, expect, it } from 'vitest';
import { openJellyfin } from '../../../src/services/jellyfin/client.ts';
import { connectionTo, Refusal, type Seen, startRoutes } from '../loopback-server.ts';

const token = 'Token="a%22b"';
const own = (answer: unknown) => (request: Seen) =>
  request.headers.authorization?.includes(token) ? answer : new Refusal(401, '');
const open = { ProductName: 'Jellyfin Server', Version: '10.11.11', ServerName: 'Home' };

describe('jellyfin', () => {
  it('checks with the key in its own header, which is quoted so that no key can break out of it', async () => {
    await using server = await startRoutes({
      'GET /System/Info/Public': () => open,
      'GET /System/Info': own({ ...open, OperatingSystem: '' }),
      'GET /Items/Counts': own({ MovieCount: 1, SeriesCount: 31, SongCount: 9 }),
    });
    const check = await openJellyfin(connectionTo(server.url, { secret: 'a"b' })).check();
    expect(check).toEqual({ version: '10.11.11', holds: '1 film, 31 series' });
    expect(server.seen[1]?.headers.authorization).toBe(
      `MediaBrowser Client="Assistarr", Device="Discord", DeviceId="assistarr", Version="1", ${token}`,
    );
    await expect(openJellyfin(connectionTo(server.url)).check()).rejects.toMatchObject({ failure: 'unauthorized' });
  });

  it('names an Emby', async () => {
    await using server = await startRoutes({
      'GET /System/Info/Public': () => ({ ...open, ProductName: 'Emby Server' }),
    });
    await expect(openJellyfin(connectionTo(server.url)).check()).rejects.toMatchObject({
      failure: 'wrong_service',
      detail: 'Emby Server',
    });
  });

  it('lists everyone who has an account', async () => {
    await using server = await startRoutes({
      'GET /Users': () => [
        { Id: 'u1', Name: 'Ada', Policy: {} },
        { Id: 'u2', Name: null },
      ],
    });
    expect(await openJellyfin(connectionTo(server.url)).users()).toEqual([
      { id: 'u1', name: 'Ada' },
      { id: 'u2', name: 'u2' },
    ]);
  });
});
