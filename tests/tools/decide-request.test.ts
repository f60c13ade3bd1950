import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Person } from '../../playground/discord/person.ts';
import type { Message } from '../../playground/discord/state.ts';
import { type PlaygroundModel, startModel } from '../../playground/model/start-model.ts';
import { firstSeerrState, requestStatus, type SeerrRequestRow } from '../../playground/servers/jellyseerr-media.ts';
import { patientTalk, startTestBot, type TestBot } from '../bot.ts';

let model: PlaygroundModel;
let test: TestBot;
let ada: Person;
beforeAll(async () => {
  model = await startModel();
  const environment = { ...patientTalk.environment, OPENAI_BASE_URL: model.url, SERVICE_TIMEOUT_MS: '5000' };
  test = await startTestBot({ ...patientTalk, environment });
  ada = test.discord.person('Ada');
  await test.setup.all(ada, 'jellyseerr');
});
afterAll(async () => {
  await test.stop();
  await model.stop();
});
beforeEach(() => {
  const { state, faults, journal } = test.servers.jellyseerr;
  Object.assign(state, firstSeerrState());
  faults.clear();
  journal.length = 0;
});

const read = (message: Message) =>
  test.discord.render(test.discord.state.messages.get(message.id) ?? message).replaceAll('\\', '');
const statusOf = (wanted: number) => test.servers.jellyseerr.state.requests.find(({ id }) => id === wanted)?.status;
const decisions = () =>
  test.servers.jellyseerr.journal.filter(({ method }) => method === 'POST').map(({ path }) => path);

async function said(sentence: string, fits: RegExp): Promise<Message> {
  const channel = test.discord.channel(`c${test.discord.state.channels.size}`);
  ada.say(channel, sentence, { mention: true });
  return ada.waitFor(channel, (message) => fits.test(read(message)));
}

async function press(card: Message, label: string, fits: RegExp): Promise<void> {
  await ada.press(card, label).acknowledged();
  await test.discord.until(() => fits.test(read(card)));
}

describe.each([
  { word: 'approve', label: 'Approve', told: /✅ Approved in Seerr\./, status: requestStatus.approved },
  { word: 'decline', label: 'Decline', told: /🚫 Declined in Seerr\./, status: requestStatus.declined },
])('to $word a request that waits', ({ word, label, told, status }) => {
  it('by a press, and the card says whose it is', async () => {
    const card = await said(`${word} the newest request`, new RegExp(`\\[ ${label} \\]`));
    expect(read(card)).toMatch(/Arrival \(2016\)[\s\S]*waits for approval · asked for by \w+/);
    expect(decisions()).toEqual([]);
    await press(card, label, told);
    expect(statusOf(2)).toBe(status);
    expect(decisions()).toEqual([`/api/v1/request/2/${word}`]);
  });

  it('is the one with the title that was said', async () => {
    const row: SeerrRequestRow = {
      ...{ id: 7, type: 'movie', tmdbId: 680, seasons: [], is4k: false },
      ...{ status: requestStatus.pending, requestedBy: 2 },
    };
    test.servers.jellyseerr.state.requests.push(row);
    const card = await said(`${word} Arrival`, new RegExp(`\\[ ${label} \\]`));
    expect(read(card)).toContain('Arrival (2016)');
    await press(card, label, told);
    expect([statusOf(2), statusOf(7)]).toEqual([status, requestStatus.pending]);
  });

  it('and not when somebody decided it in Seerr meanwhile', async () => {
    const card = await said(`${word} the newest request`, new RegExp(`\\[ ${label} \\]`));
    test.servers.jellyseerr.decide(2, word === 'decline');
    await press(card, label, /does not wait for approval any more/);
    expect(decisions()).toEqual([]);
  });

  it('and not when it is gone', async () => {
    const card = await said(`${word} the newest request`, new RegExp(`\\[ ${label} \\]`));
    test.servers.jellyseerr.state.requests = [];
    await press(card, label, /was gone from Seerr already/);
    expect(decisions()).toEqual([]);
  });

  it('once, where the answer was lost', async () => {
    const card = await said(`${word} the newest request`, new RegExp(`\\[ ${label} \\]`));
    test.servers.jellyseerr.faults.next({ kind: 'reset-after-effect' }, { match: /POST/ });
    await press(card, label, /✅|🚫/);
    expect(decisions()).toHaveLength(1);
    expect(statusOf(2)).toBe(status);
  });

  it('by nobody who may not manage requests, who is told so', async () => {
    const { users } = test.servers.jellyseerr.state;
    const card = await said(`${word} the newest request`, new RegExp(`\\[ ${label} \\]`));
    for (const user of users) user.manages = false;
    await press(card, label, /⚠️/);
    expect(read(card)).toMatch(/does not allow|permission/i);
    expect(statusOf(2)).toBe(requestStatus.pending);
  });
});

it('lists what waits for approval, and nothing else', async () => {
  const answer = await said('what waits for approval', /Arrival/);
  expect(read(answer)).not.toMatch(/Blade Runner/);
});
