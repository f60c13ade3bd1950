import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PlaygroundModel, startModel } from '../../playground/model/start-model.ts';
import { type ServiceName, serviceDefinitions } from '../../src/services/registry.ts';
import { startTestBot, type TestBot } from '../bot.ts';
import { extent, sampleOf } from '../extent.ts';
import { callMs, faults, type NamedFault } from './faults.ts';
import { type Place, places } from './places.ts';

/** The part of all faults at all places that `.ci/run` tries beside one of each. */
const sampledShare = 0.2;

/**
 * Every fault of one server at every place where the bot asks it: the person is answered with the service's name and the reason,
 * nothing is done twice or by half, and the next attempt works. `npm test` tries each fault at one place.
 */
export function testFaultsOf(service: ServiceName): void {
  let model: PlaygroundModel;
  let test: TestBot;
  beforeAll(async () => {
    model = await startModel();
    test = await startTestBot({
      environment: { OPENAI_BASE_URL: model.url, TURNS_PER_HOUR: '10000', SERVICE_TIMEOUT_MS: String(callMs) },
    });
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
  describe.each(
    faults.map((fault, index) => ({ ...fault, index })),
  )(`${serviceDefinitions[service].label}: $name`, (fault) => {
    it.each(chosenFor(fault))('$name', async (place) => {
      const asItWas = structuredClone(test.servers[service].state);
      const restore = () => void Object.assign(test.servers[service].state, structuredClone(asItWas));
      try {
        await tryOnce(place, fault, restore);
      } finally {
        restore();
      }
    });
  });

  /** Each fault once and each place at least once, as the places take turns; and what else the extent asks for. */
  function chosenFor({ name, index }: { name: string; index: number }): Place[] {
    if (extent === 'all') return own;
    const inTurn = own.filter((_, at) => at % own.length === index % own.length);
    if (extent === 'few') return inTurn;
    return [...new Set([...inTurn, ...sampleOf(own, sampledShare, (place) => `${service} ${name} ${place.name}`)])];
  }

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
      expect(said, name).toContain(serviceDefinitions[service].label);
      if (!said.includes('nothing offered')) expect(said, name).toMatch(reason);
    }
    expect(said).not.toMatch(/undefined|\bnull\b|NaN|\[object|Error:|at \w+ \(/);
    const acted = server.journal.filter(({ method, path }) => place.acts?.test(`${method} ${path}`));
    // A client that can read the answer goes on to what comes next, such as the command for the next season.
    if (!mayWork) expect(acted.length).toBeLessThanOrEqual(1);
    const calls = acted.map(({ method, path, body }) => JSON.stringify([method, path, body]));
    expect(calls).toEqual([...new Set(calls)]);
    server.faults.clear();
    // What comes late takes effect late: only then is the server as it was.
    if (fault.kind === 'delay') await new Promise((resolve) => setTimeout(resolve, fault.ms));
    restore();
    const again = at();
    const then = await place.run(again, (await place.before?.(again)) ?? null);
    expect(place.works(then, again), then).toBe(true);
  }
}
