import { setTimeout as pause } from 'node:timers/promises';
import { CommandLoad } from '../command-load.ts';
import { type Figure, median } from '../figure.ts';
import { type BenchOptions, setStage } from '../stage.ts';
import { TurnLoad } from '../turn-load.ts';

/** 50 commands a second and 20 turns at once for ten minutes: memory stays, nothing fails. */
export async function measureEndurance(options: BenchOptions): Promise<Figure[]> {
  const stage = await setStage(options);
  try {
    const ada = stage.discord.person('Ada');
    const turns = new TurnLoad(stage);
    stage.model.answer = { text: 'Nothing new today. Ask me about a film or a show.', pieces: 5, ms: 500 };
    await turns.talkers(20, { services: false });
    const bot = await stage.start('bot');
    const talkers = await turns.talkers(20, { services: true });
    await stage.setup.all(ada, 'radarr', 'sonarr', 'jellyfin', 'jellyseerr', 'qbittorrent');
    const commands = new CommandLoad(stage, ada);
    const minute = options.quick ? 1000 : 60_000;
    const memories: { at: number; mb: number }[] = [];
    const begun = performance.now();
    const watch = async () => {
      while (performance.now() - begun < 10 * minute) {
        memories.push({ at: performance.now() - begun, mb: await bot.memoryMb() });
        await pause(minute / 60);
      }
    };
    const [{ lost }, loop] = await Promise.all([
      commands.steady(50, 10 * minute),
      turns.closedLoop(talkers, 10 * minute),
      watch(),
    ]);
    commands.stop();
    turns.stop();
    const during = (from: number) =>
      median(memories.filter(({ at }) => at >= from * minute && at < (from + 1) * minute).map(({ mb }) => mb));
    const errors = bot
      .output()
      .split('\n')
      .filter((line) => /"level":(?:"(?:error|fatal)"|[56]0)/.test(line)).length;
    return [
      {
        what: 'ten minutes of 50 commands/s and 20 turns at once: memory of the last minute against the second',
        value: during(9) / during(1),
        unit: '×',
        target: { most: 1.1 },
        of: { 'second MB': during(1), 'last MB': during(9), turns: loop.times.length, commands: commands.sent },
      },
      { what: 'errors and lost commands in them', value: errors + lost, unit: '', target: { most: 0 } },
    ];
  } finally {
    await stage.stop();
  }
}
