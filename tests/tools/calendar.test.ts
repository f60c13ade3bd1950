import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Person } from '../../playground/discord/person.ts';
import type { Message } from '../../playground/discord/state.ts';
import { type PlaygroundModel, startModel } from '../../playground/model/start-model.ts';
import { dayFromNow } from '../../playground/servers/arr.ts';
import { dayAfter, dayIn, midnightOf } from '../../src/tools/calendar/days.ts';
import { patientTalk, startTestBot, type TestBot } from '../bot.ts';

let model: PlaygroundModel;
let test: TestBot;
let ada: Person;
beforeAll(async () => {
  model = await startModel();
  const environment = { ...patientTalk.environment, OPENAI_BASE_URL: model.url, SERVICE_TIMEOUT_MS: '3000' };
  test = await startTestBot({ ...patientTalk, environment });
  ada = test.discord.person('Ada');
  await test.setup.all(ada, 'radarr', 'sonarr');
});
afterAll(async () => {
  await test.stop();
  await model.stop();
});
beforeEach(() => {
  for (const { faults, journal } of [test.servers.radarr, test.servers.sonarr]) {
    faults.clear();
    journal.length = 0;
  }
});

const read = (message: Message) => test.discord.render(message).replaceAll('\\', '');

async function answerTo(sentence: string, fits = /By day|The first|Nothing that you wait for|could not|did not/) {
  const channel = test.discord.channel(`c${test.discord.state.channels.size}`);
  ada.say(channel, sentence, { mention: true });
  return read(await ada.waitFor(channel, (message) => fits.test(read(message)) && !read(message).includes('-# ')));
}

it('tells by day what comes out in the next seven, of both servers', async () => {
  const said = await answerTo('what comes out this week');
  const [episode, film] = said.split('\n').filter((line) => line.includes('- '));
  expect(episode).toContain(`${dayFromNow(1)}: Breaking Bad 3x01, No Más`);
  expect(film).toContain(`${dayFromNow(2)}: Blade Runner 2049 (2017), on disc`);
  // Neither what was broadcast before, nor that film's day in the cinemas.
  expect(said).not.toMatch(/ABQ|cinemas/);
});

it('tells what came out, and what of it is there', async () => {
  const said = await answerTo('what came out this week');
  expect(said).toContain(`${dayFromNow(-3)}: Breaking Bad 2x13, ABQ, there already`);
  expect(said).not.toContain('No Más');
});

it('has the days of the person, and those of a film wherever they are', async () => {
  await ada.slash(ada.dm(), 'preferences', { 'time-zone': 'Pacific/Kiritimati' }).reply();
  try {
    const said = await answerTo('what comes out this week');
    // 20:00 in Greenwich is ten in the morning of the next day there.
    expect(said).toContain(`${dayAfter(dayFromNow(1), 1)}: Breaking Bad 3x01`);
    expect(said).toContain(`${dayFromNow(2)}: Blade Runner 2049`);
  } finally {
    await ada.slash(ada.dm(), 'preferences', { 'time-zone': 'UTC' }).reply();
  }
});

it('leaves out what is not monitored', async () => {
  const [film] = test.servers.radarr.state.library.filter(({ tmdbId }) => tmdbId === 335984);
  if (film === undefined) throw new Error('the film is gone');
  film.monitored = false;
  try {
    expect(await answerTo('what comes out this week')).not.toContain('Blade Runner');
  } finally {
    film.monitored = true;
  }
});

it('tells of one server what it knows, and that the other failed', async () => {
  test.servers.radarr.faults.next({ kind: 'status', status: 500 }, { match: /calendar/, times: 10 });
  const said = await answerTo('what comes out this week');
  expect(said).toContain('Breaking Bad 3x01');
  expect(said).toMatch(/Radarr had an internal error/);
});

it('reads on where an entry is not as it should be', async () => {
  test.servers.sonarr.faults.next(
    {
      kind: 'rewritten',
      rewrite: (body) => JSON.parse(JSON.stringify(body).replaceAll(/"airDateUtc":"[^"]*"/g, '"airDateUtc":"soon"')),
    },
    { match: /calendar/ },
  );
  const said = await answerTo('what comes out this week');
  expect(said).toContain('Blade Runner 2049');
  expect(said).not.toContain('Breaking Bad');
});

describe('a day', () => {
  const moments = fc.date({ min: new Date('1900-01-01'), max: new Date('2200-01-01'), noInvalidDate: true });
  const zones = fc.constantFrom(null, ...Intl.supportedValuesOf('timeZone'));

  it('is at most one away from that of Greenwich, in every time zone', () => {
    fc.assert(
      fc.property(moments, zones, (moment, zone) => {
        const day = dayIn(zone, moment);
        expect(day).toMatch(/^\d{4}-\d\d-\d\d$/);
        expect(Math.abs(midnightOf(day).getTime() - moment.getTime())).toBeLessThanOrEqual(39 * 60 * 60 * 1000);
      }),
    );
  });

  it('comes back when as many days are gone back as were gone on', () => {
    fc.assert(
      fc.property(moments, fc.integer({ min: -400, max: 400 }), (moment, days) => {
        const day = dayIn(null, moment);
        expect(dayAfter(dayAfter(day, days), -days)).toBe(day);
      }),
    );
  });
});
