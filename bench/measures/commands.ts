import { CommandLoad } from '../command-load.ts';
import { type Figure, median, percentile } from '../figure.ts';
import { type BenchOptions, setStage } from '../stage.ts';

type Measured = { perSecond: number; processorMs: number; acknowledgements: number[]; late: number; lost: number };

/** `/services list` with five rows: how many a second, and how soon each is acknowledged, against a bare bot's. */
export async function measureCommands(options: BenchOptions): Promise<Figure[]> {
  const stage = await setStage(options);
  try {
    const ada = stage.discord.person('Ada');
    const measure = async (program: 'bot' | 'bare'): Promise<Measured> => {
      const bot = await stage.start(program);
      if (program === 'bot') await stage.setup.all(ada, 'radarr', 'sonarr', 'jellyfin', 'jellyseerr', 'qbittorrent');
      const load = new CommandLoad(stage, ada);
      await load.inFlight(8, options.warmUpMs);
      const rounds: number[] = [];
      const before = { answered: load.answered, processorMs: await bot.processorMs() };
      for (let round = 0; round < 3; round++) rounds.push(await load.inFlight(64, options.quick ? 500 : 5000));
      const processorMs = ((await bot.processorMs()) - before.processorMs) / (load.answered - before.answered);
      const { times, lost } = await load.steady(200, options.quick ? 1000 : 20_000);
      load.stop();
      await bot.stop();
      const acknowledgements = times.map(({ acknowledgedMs }) => acknowledgedMs);
      const late = acknowledgements.filter((ms) => ms > 3000).length;
      return { perSecond: median(rounds), processorMs, acknowledgements, late, lost };
    };
    const ours = await measure('bot');
    const bare = await measure('bare');
    const p99 = percentile(ours.acknowledgements, 0.99);
    const bareP99 = percentile(bare.acknowledgements, 0.99);
    return [
      {
        what: '`/services list`, 64 in flight, against a bare bot',
        value: ours.perSecond / bare.perSecond,
        unit: '×',
        target: { least: 0.7 },
        of: { 'ours a second': ours.perSecond, 'bare a second': bare.perSecond },
      },
      {
        what: 'processor time of a command, ours, against a bare bot’s',
        value: ours.processorMs / bare.processorMs,
        unit: '×',
        target: { most: 3 },
        of: { 'ours ms': ours.processorMs, 'bare ms': bare.processorMs },
      },
      {
        what: 'its acknowledgement at 200 a second, p99',
        value: p99,
        unit: 'ms',
        target: { most: bareP99 + 30 },
        of: { p50: median(ours.acknowledgements), 'bare p99': bareP99, 'past 3 s': ours.late, lost: ours.lost },
      },
      { what: 'commands lost or past 3 s', value: ours.late + ours.lost, unit: '', target: { most: 0 } },
    ];
  } finally {
    await stage.stop();
  }
}
