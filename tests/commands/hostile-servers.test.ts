import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { flatten } from '../../playground/discord/flatten.ts';
import type { Person } from '../../playground/discord/person.ts';
import type { Channel, Message } from '../../playground/discord/state.ts';
import { type PlaygroundModel, startModel } from '../../playground/model/start-model.ts';
import { serviceNames } from '../../src/services/registry.ts';
import { exampleOf } from '../../src/tools/sentences.ts';
import { patientTalk, startTestBot, type TestBot } from '../bot.ts';
import { foreignLinksIn } from '../clickable-links.ts';
import { addRequests, pressTools } from '../press-tools.ts';
import { pressLabel } from '../settled-card.ts';

/** Stands in each of the servers' texts, in several spellings, so that a name that is cut has one as well. */
const hostile = 'https://evil.example/?q=1 [x](https://evil.example/) <https://evil.example> discord.gg/evil';

let model: PlaygroundModel;
let test: TestBot;
let ada: Person;
beforeAll(async () => {
  model = await startModel();
  const environment = {
    ...patientTalk.environment,
    OPENAI_BASE_URL: model.url,
    SERVICE_TIMEOUT_MS: '20000',
    LEASE_MS: '10000',
  };
  // How soon is another test's question.
  test = await startTestBot({ ...patientTalk, environment });
  ada = test.discord.person('Ada');
  await test.setup.all(ada, ...serviceNames);
  for (const service of serviceNames) await test.setup.all(test.discord.person(`${service} alone`), service);
  const { radarr, sonarr, jellyfin, jellyseerr, qbittorrent } = test.servers;
  for (const server of [radarr, sonarr, jellyfin, jellyseerr, qbittorrent])
    server.faults.next({ kind: 'rewritten', rewrite: madeHostile }, { times: Number.POSITIVE_INFINITY });
  for (const server of [radarr, sonarr]) for (const download of server.state.downloads) download.stuck = 'It is stuck.';
});
afterAll(async () => {
  await test.stop();
  await model.stop();
});

/** What programs compare or fetch with, rather than show. Everything else that a server says is made hostile. */
const technical =
  /id$|hash|guid|status|state|type|url|path|date|time|added|cookie|protocol|appname|productname|^slug|tag|imdb|images?$|availability|errorcode|name_?validator|language/i;

function madeHostile(body: unknown, key = ''): unknown {
  if (typeof body === 'string') {
    if (technical.test(key) || /^(?:Ok\.|Fails\.)?$/.test(body)) return body;
    // A version is known by its beginning.
    return /^v?\d/.test(body) ? `${body} ${hostile}` : `${hostile} ${body}`;
  }
  if (Array.isArray(body)) return body.map((item) => madeHostile(item, key));
  if (typeof body !== 'object' || body === null || body instanceof Uint8Array) return body;
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [name, madeHostile(value, name)]));
}

/** All that a message shows where clients read Markdown. */
function textsOf({ content, components }: Message): string[] {
  return [content, ...flatten(components).flatMap((part) => (part.type === 10 ? [String(part.content)] : []))];
}

let checked = 0;
/** No message that the bot ever sent has a foreign link; gives how many texts have the address in them as words. */
function expectNoLinks(): number {
  const { state } = test.discord;
  const texts = [...state.messages.values()].filter(({ authorId }) => authorId === state.bot.id).flatMap(textsOf);
  for (const text of texts) expect(foreignLinksIn(text), text).toEqual([]);
  checked = texts.length;
  return texts.filter((text) => text.replaceAll('\\', '').includes('evil.example')).length;
}

let channels = 0;
const channel = (): Channel => test.discord.channel(`hostile-${++channels}`);

describe('a stack of servers whose every text is a hostile address', () => {
  it.each<[string, Record<string, string>]>([
    ['request movie', { title: 'dune' }],
    ['request movie', { title: 'tmdb:603' }],
    ['request movie', { title: 'tmdb:438631' }],
    ['request tv', { title: 'severance' }],
    ['library search', { query: 'matrix' }],
    ['library recent', {}],
    ['library playing', {}],
    ['downloads', {}],
    ['status', {}],
    ['services test', {}],
    ['services list', {}],
    ['help', {}],
  ])('has no link in the answer to /%s %j', async (name, options) => {
    const before = expectNoLinks();
    const answer = await ada.slash(channel(), name, options).reply(60_000);
    const after = expectNoLinks();
    // What names nothing of a server, but in the labels of a select, has no address to show.
    const isWithoutWords = name === 'help' || options.title === 'dune';
    expect(after > before, test.discord.render(answer)).toBe(!isWithoutWords);
  });

  it('makes no link when the person is asked which user they are', async () => {
    for (const service of ['jellyfin', 'jellyseerr'] as const) {
      await test.setup.all(ada, service);
      await ada.slash(channel(), 'services list').reply(60_000);
    }
    expectNoLinks();
  });

  it.each(
    pressTools.map((tool) => [tool.name, tool.services[0], exampleOf(tool)] as const),
  )('has none on the card of %s, nor on what becomes of it', async (_name, service, example) => {
    // With its first service alone the sentence means nothing else.
    const person = test.discord.person(`${service} alone`);
    addRequests(test.servers);
    const where = channel();
    const before = expectNoLinks();
    person.say(where, example, { mention: true });
    const isCard = (message: Message) => pressLabel(test.discord, message) !== null;
    const card = await person.waitFor(where, isCard, 60_000);
    expect(expectNoLinks()).toBeGreaterThan(before);
    await person.press(card, String(pressLabel(test.discord, card))).acknowledged(60_000);
    // The conversation goes on once the call has ended.
    await person.waitFor(where, ({ content }) => content.includes('Done: '), 60_000);
    expectNoLinks();
  });

  it('makes no link in the words of its failures', async () => {
    const { radarr, jellyseerr } = test.servers;
    const failures: [number, unknown][] = [
      [400, [{ propertyName: 'x', errorMessage: hostile, errorCode: 'x' }]],
      [403, { message: hostile }],
      [409, { message: hostile }],
      [401, { message: hostile }],
    ];
    for (const [status, body] of failures) {
      for (const server of [radarr, jellyseerr]) {
        server.faults.clear();
        server.faults.next({ kind: 'status', status, body }, { times: 20 });
      }
      await ada.slash(channel(), 'services test').reply(60_000);
      await ada.slash(channel(), 'status').reply(60_000);
      await ada.slash(channel(), 'request movie', { title: `alien ${status}` }).reply(60_000);
      expectNoLinks();
    }
    for (const server of [radarr, jellyseerr]) {
      server.faults.clear();
      server.faults.next({ kind: 'redirect', to: 'https://evil.example/?q=1' }, { times: 20 });
    }
    await ada.slash(channel(), 'services test').reply(60_000);
    expect(expectNoLinks()).toBeGreaterThan(0);
    expect(checked).toBeGreaterThan(40);
  });
});
