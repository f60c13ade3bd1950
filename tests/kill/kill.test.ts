import { availableParallelism } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { engines } from '../database.ts';
import { extent, sampleOf } from '../extent.ts';
import { acting, pressTools } from '../press-tools.ts';
import { Lane, type Result, type Scenario } from './lane.ts';
import type { Point } from './points.ts';
import { byCommand, byWords, presses } from './scenarios.ts';
import { dieTogether } from './together.ts';

/** Runs side by side. */
const lanesAtOnce = extent === 'few' ? 1 : Math.min(4, availableParallelism() + 1);
/** How many points of each scenario `npm test` tries, and which part of them `.ci/run`. */
const few = 1;
const sampledShare = 0.25;

const ways = [
  { name: 'PGlite', engine: 'pglite', processes: 1 },
  { name: 'PostgreSQL', engine: 'postgres', processes: 1 },
  { name: 'PostgreSQL, one of two processes', engine: 'postgres', processes: 2 },
] as const;

const open: Lane[] = [];
afterAll(() => Promise.all(open.map((lane) => lane.close())));

describe.each(ways.filter(({ engine }) => engines.includes(engine)))('killed with -9 on $name', ({
  engine,
  processes,
  name,
}) => {
  it.each([byCommand, byWords])('goes on: $name', { timeout: 600_000 }, async (scenario) => {
    const lanes = await Promise.all(Array.from({ length: lanesAtOnce }, () => Lane.open(engine, processes)));
    open.push(...lanes);
    const [first] = lanes;
    const points = (await first?.points(scenario)) ?? [];
    expect(points.length).toBeGreaterThan(20);
    const tried = chosen(points, `${name} ${scenario.name}`);
    const results = await sweep(lanes, scenario, tried);
    console.log(report(`${scenario.name}, ${name}: ${tried.length} of ${points.length} points`, results));
    expect(results.filter(({ failure }) => failure !== null)).toEqual([]);
    // Between Discord's acknowledgement, which cannot wait, and the row that tells of it, lies one statement.
    const left = results.filter(({ outcome }) => outcome.includes('LEFT'));
    expect(left.filter(({ point }) => !/insert into "User"|callback/.test(point.call))).toEqual([]);
    expect(results).toHaveLength(tried.length);
    await Promise.all(lanes.map((lane) => lane.close()));
    open.length = 0;
  });
});

describe.each(['before', 'after'] as const)('killed with -9 %s each press took effect on its server', (moment) => {
  let wrong: Map<string, string | null>;
  beforeAll(async () => {
    wrong = await dieTogether(presses, moment);
  }, 240_000);

  it.each(pressTools.map(({ name }) => name))('%s goes on', (name) => {
    const scenario = presses.find(({ operation }) => operation === name);
    expect(scenario, 'has a scenario').toBeDefined();
    expect(wrong.get(scenario?.name ?? '')).toBeNull();
  });
});

/** What the above leaves out: each call of a press by itself, before it is sent and after its answer came. */
const one =
  extent === 'all' ? pressTools : extent === 'sample' ? sampleOf(pressTools, sampledShare, ({ name }) => name) : [];
describe.runIf(one.length > 0)('killed with -9 around each call of a press', () => {
  let lane: Lane;
  beforeAll(async () => {
    lane = await Lane.open('pglite');
    open.push(lane);
  });

  it.each(one.map(({ name }) => name))('%s goes on', { timeout: 240_000 }, async (name) => {
    const scenario = presses.find(({ operation }) => operation === name);
    if (scenario === undefined) throw new Error(`${name} has no scenario`);
    const points = (await lane.points(scenario)).filter(({ call }) => acting.test(call) && isOnServer(call));
    expect(points.length, 'points at which it can die').toBeGreaterThan(1);
    const results: Result[] = [];
    for (const point of points) results.push(await lane.run(scenario, point));
    console.log(report(`${scenario.name}: ${points.length} points`, results));
    expect(results.filter(({ failure }) => failure !== null)).toEqual([]);
    // Else nothing died, and nothing was tried.
    expect(results.filter(({ outcome }) => outcome.includes('not passed'))).toEqual([]);
  });
});

/** Not what Discord and the model are asked. */
function isOnServer(call: string): boolean {
  return !/ \/(?:api\/v10|v1)\//.test(call);
}

/** All points, a part by the seed, or a few from the whole length, others each day: every one has its turn. */
function chosen(points: readonly Point[], title: string): readonly Point[] {
  if (extent === 'all') return points;
  if (extent === 'sample') return sampleOf(points, sampledShare, (point) => `${title} ${JSON.stringify(point)}`);
  const step = Math.max(1, Math.floor(points.length / few));
  const day = Math.floor(Date.now() / 86_400_000);
  return points.filter((_point, index) => index % step === day % step);
}

async function sweep(lanes: readonly Lane[], scenario: Scenario, points: readonly Point[]): Promise<Result[]> {
  const left = [...points];
  const results: Result[] = [];
  const work = async (lane: Lane) => {
    for (let point = left.shift(); point !== undefined; point = left.shift())
      results.push(await lane.run(scenario, point));
  };
  await Promise.all(lanes.map(work));
  return results;
}

function report(title: string, results: readonly Result[]): string {
  const outcomes = new Map<string, Result[]>();
  for (const result of results) outcomes.set(result.outcome, [...(outcomes.get(result.outcome) ?? []), result]);
  const lines = [...outcomes].map(([outcome, of]) => `  ${String(of.length).padStart(4)} ${outcome}`);
  const wrong = results
    .filter(({ outcome, failure }) => failure !== null || /LEFT|(?<!to )ask(ed)? again/.test(outcome))
    .map(
      ({ point, outcome, failure }) =>
        `  ${point.when} ${point.call.slice(0, 160)} #${point.nth}: ${outcome} ${failure ?? ''}`,
    );
  return [title, ...lines, ...wrong].join('\n');
}
