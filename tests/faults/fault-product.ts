import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PlaygroundModel, startModel } from '../../playground/model/start-model.ts';
import { startTestBot, type TestBot } from '../bot.ts';
import { faults, isEveryFault, type NamedFault } from './faults.ts';
import { labels, type Place, places, type Service } from './places.ts';

/**
 * Every fault of one server at every place where the bot asks it: the person is answered with the service's name and the reason,
 * nothing is done twice or by half, and the next attempt works. Without TEST_EVERY_FAULT each fault is tried at one place.
 */
export function testFaultsOf(service: Service): void {
  let model: PlaygroundModel;
  let test: TestBot;
  beforeAll(async () => {
    model = await startModel();
    test = await startTestBot({ environment: { OPENAI_BASE_URL: model.url, TURNS_PER_HOUR: '10000' } });
    await test.setup.all(test.discord.person('Ada'), service);
  });
  afterAll(async () => {
    const secret = test.setup.typed(service).secret ?? '';
    expect(secret).not.toBe('');
    expect(test.logged()).not.toContain(secret);
    await test.stop();
    await model.stop();
  });

  const own = places.filter((place) => place.service === service);
  describe.each(faults.map((fault, index) => ({ ...fault, index })))(`${labels[service]}: $name`, (fault) => {
    // Each fault once, each place at least once: the places take turns.
    const chosen = own.filter((_, index) => isEveryFault || index % own.length === fault.index % own.length);
    it.each(chosen)('$name', async (place) => {
      const asItWas = structuredClone(test.servers[service].state);
      const restore = () => void Object.assign(test.servers[service].state, structuredClone(asItWas));
      try {
        await tryOnce(place, fault, restore);
      } finally {
        restore();
      }
    });
  });

  async function tryOnce(
    place: Place,
    { name, fault, reason, mayWork }: NamedFault,
    restore: () => void,
  ): Promise<void> {
    const server = test.servers[service];
    server.faults.clear();
    const person = test.discord.person('Ada');
    const at = () => ({ test, person, channel: test.discord.channel(`c${test.discord.state.channels.size}`) });
    const act = at();
    const card = (await place.before?.(act)) ?? null;
    server.journal.length = 0;
    server.faults.next(fault, { times: 40, ...(place.match === undefined ? {} : { match: place.match }) });
    const said = await place.run(act, card);
    if (!mayWork) {
      expect(said, name).toContain(labels[service]);
      if (!said.includes('nothing offered')) expect(said, name).toMatch(reason);
    }
    expect(said).not.toMatch(/undefined|\bnull\b|NaN|\[object|Error:|at \w+ \(/);
    const acted = server.journal.filter(({ method, path }) => place.acts?.test(`${method} ${path}`));
    expect(acted.length).toBeLessThanOrEqual(1);
    server.faults.clear();
    restore();
    const again = at();
    expect(await place.run(again, (await place.before?.(again)) ?? null)).toMatch(place.works);
  }
}
