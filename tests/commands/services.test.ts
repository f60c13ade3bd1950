import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Fault } from '../../playground/servers/faults.ts';
import { startTestBot, type TestBot } from '../bot.ts';

let test: TestBot;
beforeAll(async () => {
  test = await startTestBot();
});
afterAll(() => test.stop());
beforeEach(() => {
  test.servers.radarr.faults.clear();
});

/** A person whom no other test has met, with nothing set up. */
let number = 0;
function somebody() {
  return test.discord.person(`Person${++number}`);
}
const seen = (message: Parameters<typeof test.discord.render>[0]) => test.discord.render(message).replaceAll('\\', '');

// Everyone may use the bot in these tests.
beforeAll(async () => {
  await test.restart({ ALLOWED_USERS: '*', SERVICE_ADDRESSES: 'private-allowed' });
});

describe('/services configure', () => {
  it.each(['radarr', 'sonarr', 'jellyfin', 'jellyseerr', 'qbittorrent'] as const)('sets up %s', async (service) => {
    const person = somebody();
    const reply = await test.setup.configure(person, service, test.setup.typed(service));
    expect(seen(reply)).toContain('is set up');
    const list = await person.slash(person.dm(), 'services list').reply();
    expect(seen(list)).toMatch(/🟢 \*\*\w+\*\* · worked/);
    expect(seen(list)).not.toContain(test.setup.typed(service).secret);
  });

  it('keeps the URL base and drops the page that was copied with it', async () => {
    const person = somebody();
    const typed = test.setup.typed('radarr');
    await test.setup.configure(person, 'radarr', { ...typed, address: `${typed.address}/settings/general?x=1` });
    const modal = await person.slash(person.dm(), 'services configure', { service: 'radarr' }).modal();
    expect(JSON.stringify(modal.data)).toContain(`"value":"${test.servers.radarr.url}"`);
    expect(JSON.stringify(modal.data)).not.toContain(typed.secret);
  });

  it('keeps the current key when none is typed, and asks for it when the server is a different one', async () => {
    const person = somebody();
    const typed = test.setup.typed('radarr');
    await test.setup.configure(person, 'radarr', typed);
    test.servers.sonarr.journal.length = 0;
    expect(seen(await test.setup.configure(person, 'radarr', { address: typed.address ?? '', secret: '' }))).toContain(
      'is set up',
    );
    const elsewhere = await test.setup.configure(person, 'radarr', { address: test.servers.sonarr.url, secret: '' });
    expect(seen(elsewhere)).toContain('This is a different server');
    expect(test.servers.sonarr.journal).toEqual([]);
  });

  it('names the service that answers instead', async () => {
    const person = somebody();
    const { address, secret } = test.setup.typed('sonarr');
    const reply = await test.setup.configure(person, 'radarr', { address: address ?? '', secret: secret ?? '' });
    expect(seen(reply)).toContain('the address of Sonarr, not of Radarr');
  });

  it('saves what does not work only on request, and offers what was typed again', async () => {
    const person = somebody();
    const typed = { ...test.setup.typed('radarr'), secret: 'wrong-key-canary-1' };
    const refused = await test.setup.configure(person, 'radarr', typed);
    const none = await person.slash(person.dm(), 'services list').reply();
    expect(seen(none)).toContain('No service is set up yet');
    const again = await person.press(refused, 'Try again').modal();
    expect(JSON.stringify(again.data)).toContain(test.servers.radarr.url);
    expect(JSON.stringify(again.data)).not.toContain(typed.secret);
    await person.press(refused, 'Save anyway').acknowledged();
    await person.waitFor(person.dm(), (message) => seen(message).includes('is saved, but'));
    const list = await person.slash(person.dm(), 'services list').reply();
    expect(seen(list)).toContain('Radarr');
  });

  it('does nothing with another person’s card', async () => {
    const [one, two] = [somebody(), somebody()];
    const channel = test.discord.channel('general');
    const modal = await one.slash(channel, 'services configure', { service: 'radarr' }).modal();
    const refused = await one
      .submitModal(modal, { ...test.setup.typed('radarr'), secret: 'wrong-key-canary-2' })
      .reply();
    expect(refused.ephemeralFor).toBe(one.id);
    expect(() => two.press(refused, 'Save anyway')).toThrow('does not see');
  });

  it('asks which of Jellyfin’s users the person is', async () => {
    const person = somebody();
    const reply = await test.setup.configure(person, 'jellyfin', test.setup.typed('jellyfin'));
    const asked = await person.waitFor(person.dm(), (message) => seen(message).includes('Which of its users'));
    expect(asked.id).toBe(reply.id);
    await person.select(asked, 'services:user:jellyfin', ['Grace']).acknowledged();
    await person.waitFor(person.dm(), (message) => seen(message).includes('you are **Grace**'));
  });

  it('says what is no address', async () => {
    const person = somebody();
    for (const address of ['ftp://nas', 'http://user:pass@nas:7878', 'two words']) {
      const reply = await test.setup.configure(person, 'radarr', { address, secret: 'some-secret-canary' });
      expect(seen(reply)).toContain('is not saved');
      expect(seen(reply)).not.toContain('[ Save anyway ]');
    }
  });
});

describe('reasons, each in its own words', () => {
  const reasons: [string, Fault, RegExp][] = [
    ['unauthorised', { kind: 'status', status: 401 }, /does not accept the key/],
    ['forbidden', { kind: 'status', status: 403 }, /does not allow this/],
    ['not found', { kind: 'status', status: 404 }, /URL base/],
    ['too many requests', { kind: 'status', status: 429 }, /too many requests/],
    ['server error', { kind: 'status', status: 500 }, /internal error/],
    ['not JSON', { kind: 'html' }, /web page or broken data/],
    ['cut JSON', { kind: 'cut-json' }, /web page or broken data/],
    ['wrong content type', { kind: 'wrong-content-type' }, /web page or broken data/],
    // Past the limit of a look-up, and sent in no time.
    ['too large', { kind: 'huge', bytes: 4 * 1024 * 1024 }, /too large/],
    ['timed out', { kind: 'hang' }, /did not answer in time/],
    ['slow', { kind: 'delay', ms: 1500 }, /did not answer in time/],
    ['reset', { kind: 'reset' }, /connection to Radarr was lost/],
    ['redirected', { kind: 'redirect', to: 'http://elsewhere.example/login' }, /redirects to .*elsewhere.example/],
    [
      'redirected to metadata',
      { kind: 'redirect', to: 'http://169.254.169.254/latest' },
      /your key was not sent there/,
    ],
  ];
  it.each(reasons)('%s', async (_name, fault, words) => {
    const person = somebody();
    await test.setup.configure(person, 'radarr', test.setup.typed('radarr'));
    test.servers.radarr.faults.next(fault, { times: 20 });
    const reply = await person.slash(person.dm(), 'services test', { service: 'radarr' }).reply();
    expect(seen(reply)).toMatch(words);
    expect(seen(reply)).toContain('Radarr');
    test.servers.radarr.faults.clear();
    const after = await person.slash(person.dm(), 'services test', { service: 'radarr' }).reply();
    expect(seen(after)).toContain('answers');
  });

  const addresses: [string, string, RegExp][] = [
    ['refused', 'http://127.0.0.1:1', /refused the connection/],
    ['name not found', 'http://no-such-name.invalid:7878', /was not found/],
    ['link-local', 'http://169.254.169.254', /not allowed to connect/],
    ['link-local in decimal', 'http://2852039166/', /not allowed to connect/],
    ['link-local in hexadecimal', 'http://0xA9FEA9FE/', /not allowed to connect/],
    ['link-local mapped into IPv6', 'http://[::ffff:169.254.169.254]/', /not allowed to connect/],
    ['link-local in octal', 'http://0251.0376.0251.0376/', /not allowed to connect/],
  ];
  it.each(addresses)('%s', async (_name, address, words) => {
    const reply = await test.setup.configure(somebody(), 'radarr', { address, secret: 'address-canary-key' });
    expect(seen(reply)).toMatch(words);
  });
});

describe('/services list, test, enable, disable, remove', () => {
  it('switches a service off and on, and offers only what makes sense', async () => {
    const person = somebody();
    await test.setup.all(person, 'radarr', 'sonarr');
    const offers = async (subcommand: string) =>
      (await person.autocomplete(person.dm(), `services ${subcommand}`, { service: '' }, 'service')).map(
        ({ value }) => value,
      );
    expect(await offers('enable')).toEqual([]);
    await person.slash(person.dm(), 'services disable', { service: 'radarr' }).reply();
    expect(await offers('enable')).toEqual(['radarr']);
    expect(await offers('disable')).toEqual(['sonarr']);
    expect(await offers('remove')).toEqual(['radarr', 'sonarr']);
    const request = await person.slash(person.dm(), 'request movie', { title: 'dune' }).reply();
    expect(seen(request)).toContain('not set up for you');
    await person.slash(person.dm(), 'services enable', { service: 'radarr' }).reply();
    expect(await offers('enable')).toEqual([]);
  });

  it('tests all side by side with the time of each', async () => {
    const person = somebody();
    await test.setup.all(person, 'radarr', 'sonarr');
    test.servers.radarr.faults.next({ kind: 'status', status: 500 }, { times: 20 });
    const reply = await person.slash(person.dm(), 'services test').reply();
    expect(seen(reply)).toMatch(/Radarr\*\* \(\d+ ms\): Radarr had an internal error/);
    expect(seen(reply)).toMatch(/Sonarr\*\* answers \(\d+ ms\)/);
  });

  it('removes after asking, once', async () => {
    const person = somebody();
    await test.setup.all(person, 'radarr');
    const asked = await person.slash(person.dm(), 'services remove', { service: 'radarr' }).reply();
    expect(seen(asked)).toContain('Remove **Radarr**?');
    const [first, second] = [person.press(asked, 'Remove'), person.press(asked, 'Remove')];
    await Promise.all([first.acknowledged(), second.acknowledged()]);
    const late = await person.waitFor(person.dm(), (message) => seen(message).includes('already done'));
    expect(late.ephemeralFor).toBe(person.id);
    await person.waitFor(person.dm(), (message) => message.id === asked.id && seen(message).includes('is removed'));
    expect(seen(await person.slash(person.dm(), 'services list').reply())).toContain('No service is set up yet');
  });

  it('says what to do when the named service is not there', async () => {
    const person = somebody();
    const reply = await person.slash(person.dm(), 'services remove', { service: 'radarr' }).reply();
    expect(seen(reply)).toContain('`/services configure` adds it');
  });

  it('works where the bot is no member', async () => {
    const person = somebody();
    const channel = test.discord.foreignChannel('elsewhere');
    const modal = await person.slash(channel, 'services configure', { service: 'radarr' }).modal();
    const reply = await person.submitModal(modal, test.setup.typed('radarr')).reply();
    expect(seen(reply)).toContain('is set up');
    expect(reply.ephemeralFor).toBe(person.id);
  });
});

describe('/help', () => {
  it('says in three lines what to do, with the buttons that do the first', async () => {
    const person = somebody();
    const reply = await person.slash(person.dm(), 'help').reply();
    expect(seen(reply)).toMatch(/1\.[\s\S]*2\.[\s\S]*3\./);
    const modal = await person.press(reply, 'Set up Radarr').modal();
    expect(modal.data.title).toBe('Set up Radarr');
  });
});
