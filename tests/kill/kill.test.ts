import { availableParallelism } from 'node:os';
import { afterAll, describe, expect, it } from 'vitest';
import { engines } from '../database.ts';
import { Lane, type Result, type Scenario } from './lane.ts';
import type { Point } from './points.ts';
import { byCommand, byWords } from './scenarios.ts';

const isWhole = process.env.TEST_EVERY_KILL !== undefined;
/** Runs side by side. */
const lanesAtOnce = isWhole ? Math.min(4, availableParallelism() + 1) : 2;
/** Without TEST_EVERY_KILL: how many points of each scenario are tried. */
const sampled = 2;

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
    const tried = isWhole ? points : sample(points);
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

/** Points from the whole length, others each day: every one has its turn. */
function sample(points: readonly Point[]): Point[] {
  const step = Math.max(1, Math.floor(points.length / sampled));
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
