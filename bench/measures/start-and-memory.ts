import { setTimeout as pause } from 'node:timers/promises';
import { type Figure, median } from '../figure.ts';
import { type BenchOptions, type Engine, setStage } from '../stage.ts';

/** How long the start takes on an existing database, what is held when idle, and what the very first start takes. */
export async function measureStartAndMemory(options: BenchOptions): Promise<Figure[]> {
  const figures: Figure[] = [];
  const engines: Engine[] = options.postgres === null ? ['pglite'] : ['postgres', 'pglite'];
  for (const engine of engines) {
    const stage = await setStage(options, { engine });
    try {
      const name = engine === 'postgres' ? 'PostgreSQL' : 'PGlite';
      const first = await stage.start('bot');
      await first.stop();
      const starts: number[] = [];
      const memories: number[] = [];
      for (let round = 0; round < (options.quick ? 1 : 5); round++) {
        const bot = await stage.start('bot');
        starts.push(bot.readyMs);
        await pause(options.quick ? 500 : 10_000);
        memories.push(await bot.memoryMb());
        await bot.stop();
      }
      const most = engine === 'postgres' ? 160 : 280;
      figures.push(
        { what: `start to ready, ${name}`, value: median(starts), unit: 'ms', target: { most: 2000 } },
        { what: `memory logged in and idle, ${name}`, value: median(memories), unit: 'MB', target: { most } },
        {
          what: `the first start, ${name}: most memory of all its processes`,
          value: first.peakMb,
          unit: 'MB',
          target: engine === 'postgres' ? null : { most: 700 },
          of: { ms: first.readyMs },
        },
      );
    } finally {
      await stage.stop();
    }
  }
  return figures;
}
