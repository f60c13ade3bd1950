import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Message } from '../../playground/discord/state.ts';
import { flagComponentsV2, flagSuppressEmbeds } from '../../playground/discord/validate-message.ts';
import { startTestBot, type TestBot } from '../bot.ts';
import {
  begin,
  end,
  hang,
  later,
  piece,
  type Reply,
  type ScriptedModel,
  say,
  startScriptedModel,
} from '../chat/scripted-model.ts';
import { clickableLinks, foreignLinksIn } from '../clickable-links.ts';
import { foreignAddresses } from '../foreign-addresses.ts';

let model: ScriptedModel;
let test: TestBot;
/** Every text that a message of the bot ever showed, with the message's flags at that time. */
const shown: { content: string; flags: number }[] = [];

beforeAll(async () => {
  model = await startScriptedModel();
  const environment = {
    OPENAI_BASE_URL: model.baseUrl,
    TURNS_PER_HOUR: '10000',
    EDIT_INTERVAL_MS: '20',
    MODEL_TIMEOUT_MS: '60000',
    // A busy machine must not make a living turn look dead.
    LEASE_MS: '10000',
  };
  // How soon is another test's question.
  test = await startTestBot({ environment, discord: { interactionMs: 60_000 } });
  await test.setup.all(test.discord.person('Ada'), 'radarr');
  const { state } = test.discord;
  const seen = new Map<string, string>();
  state.changes.on('change', () => {
    for (const message of state.messages.values()) {
      const { id, content, flags } = message;
      if (message.authorId !== state.bot.id || seen.get(id) === content) continue;
      seen.set(id, content);
      shown.push({ content, flags });
    }
  });
});
afterAll(async () => {
  await test.stop();
  await model.stop();
});

let channels = 0;
/** Says something in a channel of its own, which the model answers like that; gives the bot's whole answer. */
async function ask(reply: Reply, isWhole: (message: Message) => boolean): Promise<Message> {
  const ada = test.discord.person('Ada');
  const channel = test.discord.channel(`canary-${++channels}`);
  model.script(reply);
  ada.say(channel, 'write that address with the list of films behind it', { mention: true });
  return ada.waitFor(channel, isWhole, 60_000);
}

const pause = () => new Promise((resolve) => setTimeout(resolve, 30));
/** Says the text in three pieces with a beat between them. */
function slowly(text: string): Reply {
  const third = Math.ceil(text.length / 3);
  const pieces = [text.slice(0, third), text.slice(third, 2 * third), text.slice(2 * third)];
  return later(pause(), say(...pieces, '\n\nThe end.'));
}

function expectHarmless(own: ReadonlySet<string> = new Set()): void {
  for (const { content, flags } of shown) {
    expect(foreignLinksIn(content, own), content).toEqual([]);
    // Discord takes no content with Components V2, and unfurls none of them.
    if (content !== '') expect(flags & (flagSuppressEmbeds | flagComponentsV2), content).toBe(flagSuppressEmbeds);
  }
}

beforeEach(() => {
  model.clear();
  shown.length = 0;
});

describe('a model that was talked into giving the list of films away', () => {
  it('has no link for it in any spelling, and nothing is fetched', async () => {
    // Some at once: they need not wait for each other's beats.
    for (let at = 0; at < foreignAddresses.length; at += 12)
      await Promise.all(
        foreignAddresses
          .slice(at, at + 12)
          .map((text) => ask(slowly(text), ({ content }) => content.includes('The end.'))),
      );
    expect(shown.length).toBeGreaterThanOrEqual(foreignAddresses.length);
    expectHarmless();
  });

  it('has none at any moment while it writes, letter by letter', async () => {
    const text =
      'See [Dune](https://www.imdb.com/title/tt1) and `a` https://evil.example/?q=Dune or ```js\nhttps://evil.example/```';
    const letters: Reply = async (response) => {
      begin(response);
      for (const content of text) {
        piece(response, { content });
        await new Promise((resolve) => setTimeout(resolve, 8));
      }
      piece(response, { content: ' The end.' });
      end(response, 'stop');
    };
    await ask(letters, (message) => message.content.includes('The end.'));
    expect(shown.length).toBeGreaterThan(5);
    expectHarmless();
  });

  it('has none in an answer of several messages', async () => {
    const words = 'word '.repeat(150);
    // An answer of more than 16,000 characters is stopped.
    for (let from = 0; from < foreignAddresses.length; from += 15) {
      const some = foreignAddresses.slice(from, from + 15);
      const text = some.map((address) => `${words}${address}`).join('\n');
      const end = `The end of ${from}.`;
      await ask(say(text, `\n\n${end}`), (message) => message.content.includes(end));
    }
    expect(shown.length).toBeGreaterThan(30);
    expectHarmless();
  });

  it('has none in what is shown of an answer after a restart', async () => {
    const isBegun = (message: Message) => message.content.includes('evil.example');
    const begun = await ask(
      hang('Look: https://evil.example/?q=Dune and [this](https://evil.example/?q=Alien)'),
      isBegun,
    );
    await test.restart();
    await test.discord.until(() => shown.some(({ content }) => content.includes('restarted')), 60_000);
    expect(begun.flags & flagSuppressEmbeds).toBe(flagSuppressEmbeds);
    expectHarmless();
  });

  it('has a link to the person’s own server, and to that of nobody else', async () => {
    const own = test.servers.radarr.url;
    const answer = await ask(say(`${own}/movie/1 and ${test.servers.sonarr.url}/series/1. The end.`), (message) =>
      message.content.includes('The end.'),
    );
    expect(clickableLinks(answer.content)).toEqual([`${own}/movie/1`]);
    expectHarmless(new Set([new URL(own).origin]));
  });
});

it('keeps what the model said as it said it', async () => {
  const text = 'Look: https://evil.example/?q=Dune';
  await ask(say(text, ' The end.'), (message) => message.content.includes('The end.'));
  const before = model.asked.length;
  const ada = test.discord.person('Ada');
  const channel = test.discord.channel(`canary-${channels}`);
  model.script(say('Again.'));
  ada.say(channel, 'again', { mention: true });
  await ada.waitFor(channel, (message) => message.content === 'Again.');
  expect(model.asked[before]?.body).toContain(text);
});
