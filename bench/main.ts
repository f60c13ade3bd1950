import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus } from 'node:os';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { startPostgres } from './bench-database.ts';
import { type Figure, isReached, table } from './figure.ts';
import { measureAutocomplete } from './measures/autocomplete.ts';
import { measureCommands } from './measures/commands.ts';
import { measureEndurance } from './measures/endurance.ts';
import { measureStartAndMemory } from './measures/start-and-memory.ts';
import { measureStoredMessages } from './measures/stored-messages.ts';
import { measureDiscordLimit, measureTurns } from './measures/turns.ts';
import type { BenchOptions } from './stage.ts';

const measures: Record<string, (options: BenchOptions) => Promise<Figure[]>> = {
  commands: measureCommands,
  autocomplete: measureAutocomplete,
  turns: measureTurns,
  'discord-limit': measureDiscordLimit,
  'stored-messages': measureStoredMessages,
  'start-and-memory': measureStartAndMemory,
  endurance: measureEndurance,
};

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', default: Object.keys(measures).join(',') },
    engine: { type: 'string' },
    json: { type: 'string', default: 'bench/results/latest.json' },
    'warm-up': { type: 'string' },
    profile: { type: 'string' },
  },
});
const names = values.only.split(',');
const unknown = names.filter((name) => !(name in measures));
if (unknown.length > 0 || (values.engine !== undefined && !['postgres', 'pglite'].includes(values.engine))) {
  console.error(`usage: npm run bench -- [--quick] [--only=${Object.keys(measures).join(',')}]`);
  console.error('  [--engine=postgres|pglite] [--json=FILE] [--warm-up=MILLISECONDS] [--profile=FOLDER]');
  process.exit(2);
}

const postgres = values.engine === 'pglite' ? null : await startPostgres();
if (values.engine === 'postgres' && postgres === null) process.exit(1);
const options: BenchOptions = {
  quick: values.quick,
  warmUpMs: Number(values['warm-up'] ?? (values.quick ? 500 : 30_000)),
  engine: postgres === null ? 'pglite' : 'postgres',
  postgres,
  profileDir: values.profile ?? null,
};
const figures: Figure[] = [];
try {
  for (const name of names) {
    console.log(`… ${name}`);
    figures.push(...((await measures[name]?.(options)) ?? []));
  }
} finally {
  await postgres?.stop();
}

const machine = { cores: availableParallelism(), processor: cpus()[0]?.model ?? 'unknown', node: process.version };
const result = { date: new Date().toISOString(), engine: options.engine, quick: options.quick, machine, figures };
await mkdir(dirname(values.json), { recursive: true });
await writeFile(values.json, `${JSON.stringify(result, null, 2)}\n`);
console.log(`\n${table(figures)}\n`);
console.log(
  `${machine.cores} cores (${machine.processor}), Node ${machine.node}, ${options.engine}; written to ${values.json}`,
);
const missed = figures.filter((figure) => !isReached(figure)).length;
if (missed > 0)
  console.log(`${missed} of ${figures.length} missed${options.quick ? ' (a quick run measures nothing)' : ''}.`);
