import { startBotProcess } from '../../playground/bot-process.ts';
import { startDiscord } from '../../playground/discord/start-discord.ts';
import { startModel } from '../../playground/model/start-model.ts';
import { type PlaygroundServers, startServers } from '../../playground/servers/start-servers.ts';
import { shortLimits } from '../bot.ts';
import { copyDataFolder } from '../database.ts';
import { acting, addRequests } from '../press-tools.ts';
import { Setup } from '../setup-services.ts';
import type { Scenario, Stage } from './lane.ts';

/** No limit ends a call that is held: it has to wait for the others. */
const heldMs = '60000';
const limits = {
  ...shortLimits,
  SERVICE_TIMEOUT_MS: heldMs,
  ANSWER_TIMEOUT_MS: heldMs,
  LEASE_MS: '30000',
  EDIT_INTERVAL_MS: '60',
};

/** When a call is held, and the bot dies: before it takes effect on the server, or after that and before its answer. */
export type Moment = 'before' | 'after';

type Played = { scenario: Scenario; stage: Stage };

/**
 * Plays all scenarios at once on one bot, each by a person with media servers of their own, until the first call of each that acts is
 * held at `moment`; kills the bot, starts it again, and lets everybody go on. Gives what went wrong with each, null where nothing did.
 */
export async function dieTogether(scenarios: readonly Scenario[], moment: Moment): Promise<Map<string, string | null>> {
  const [discord, model, folder] = await Promise.all([
    startDiscord({ rateLimits: false }),
    startModel(),
    copyDataFolder(),
  ]);
  discord.person('Host', { owner: true });
  const settings = {
    DISCORD_TOKEN: discord.token,
    DISCORD_API_URL: discord.apiUrl,
    DATA_DIR: folder.dataDir,
    OPENAI_BASE_URL: model.url,
    ALLOWED_USERS: '*',
    SERVICE_ADDRESSES: 'private-allowed',
    TURNS_PER_HOUR: '10000',
    ...limits,
  };
  const opened: PlaygroundServers[] = [];
  let bot = await startBotProcess(settings);
  let deaths = 0;
  let up: Promise<void> = Promise.resolve();
  try {
    const played: Played[] = [];
    for (const [index, scenario] of scenarios.entries()) {
      const servers = await startServers();
      opened.push(servers);
      addRequests(servers, 90);
      const person = discord.person(`Person ${index + 1}`);
      await new Setup(discord, servers).all(person, ...scenario.services);
      played.push({ scenario, stage: { discord, servers, person, deaths: () => deaths, up: () => up } });
    }
    const held = played.map((one) => hold(one, moment));
    // Nobody is answered any more once the bot is dead: how a play ends then is not looked at.
    for (const { scenario, stage } of played) scenario.play(stage).catch(() => undefined);
    const missing = await allWithin(held, played);
    if (missing !== null) throw new Error(missing);
    await bot.stop('SIGKILL');
    deaths = 1;
    const starting = startBotProcess(settings);
    up = starting.then(() => undefined);
    bot = await starting;
    const outcomes = await Promise.all(
      played.map(async ({ scenario, stage }) => {
        const wrong = await scenario.goOn(stage).then(
          () => null,
          (error: unknown) => (error instanceof Error ? error.message : String(error)),
        );
        return [scenario.name, wrong] as const;
      }),
    );
    return new Map(outcomes);
  } finally {
    await bot.stop('SIGKILL');
    await Promise.all([discord.stop(), model.stop(), ...opened.map((servers) => servers.stop())]);
    await folder.remove();
  }
}

/** Resolves once the first acting call of a scenario is held on its server. */
function hold({ scenario, stage: { servers, discord } }: Played, moment: Moment): Promise<void> {
  const [service] = scenario.services;
  if (service === undefined) throw new Error(`${scenario.name} has no server`);
  const { faults, journal } = servers[service];
  journal.length = 0;
  if (moment === 'after') {
    faults.next({ kind: 'hang-after-effect' }, { match: acting });
    return discord
      .until(() => journal.some(({ method, path }) => acting.test(`${method} ${path}`)) || null, 60_000)
      .then(() => undefined);
  }
  const { promise, resolve } = Promise.withResolvers<void>();
  faults.next({ kind: 'written', write: () => resolve() }, { match: acting });
  return promise;
}

/** Null once all are held, else which of them were not in time. */
async function allWithin(held: readonly Promise<void>[], played: readonly Played[]): Promise<string | null> {
  const waiting = new Set(played.map(({ scenario }) => scenario.name));
  const all = Promise.all(
    held.map(async (one, index) => {
      await one;
      waiting.delete(played[index]?.scenario.name ?? '');
    }),
  ).then(() => null);
  const late = new Promise<string>((resolve) => {
    const timer = setTimeout(
      () => resolve(`no call that acts came of: ${[...waiting].join(', ')}`),
      Number(heldMs) - 10_000,
    );
    all.finally(() => clearTimeout(timer)).catch(() => undefined);
  });
  return Promise.race([all, late]);
}
