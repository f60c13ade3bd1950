import { type Figure, median, percentile } from '../figure.ts';
import type { BenchProcess } from '../process.ts';
import { type BenchOptions, type Stage, setStage } from '../stage.ts';
import { type Talker, TurnLoad, type TurnTimes } from '../turn-load.ts';

const short = { text: 'Nothing new today. Ask me about a film or a show and I look it up.', pieces: 5, ms: 0 };

/** What a turn costs beside the model, one at a time, 50 at once and as many as go; and how many tokens the tools are. */
export async function measureTurns(options: BenchOptions): Promise<Figure[]> {
  const stage = await setStage(options);
  try {
    const { load, talkers, bot } = await warm(stage, options);
    const first = talkers.slice(0, 1);
    const single: TurnTimes[] = [];
    for (let turn = 0; turn < (options.quick ? 10 : 200); turn++)
      for (const talker of first) single.push(await load.one(talker));
    const together: TurnTimes[] = [];
    for (let round = 0; round < (options.quick ? 1 : 20); round++)
      together.push(...(await Promise.all(talkers.map((talker) => load.one(talker)))));
    const before = await bot.processorMs();
    const loop = await load.closedLoop(talkers, options.quick ? 1000 : 15_000);
    const processorMs = ((await bot.processorMs()) - before) / loop.times.length;
    const tokens = Math.ceil(stage.model.lastRequest().tools.length / 4);
    load.stop();
    return [
      cost('event in → model asked, one at a time, p50', single.map(toModel), 0.5, 10),
      cost('model’s last byte → last edit, one at a time, p50', single.map(toShown), 0.5, 15),
      cost('event in → model asked, 50 at once, p50', together.map(toModel), 0.5, 50),
      cost('event in → model asked, 50 at once, p99', together.map(toModel), 0.99, 120),
      cost('model’s last byte → last edit, 50 at once, p50', together.map(toShown), 0.5, 15),
      cost('model’s last byte → last edit, 50 at once, p99', together.map(toShown), 0.99, 100),
      {
        what: '50 people in a closed loop',
        value: loop.perSecond,
        unit: 'turns/s',
        target: { least: 300 },
        of: {
          'whole turn p50': median(loop.times.map(whole)),
          p99: percentile(loop.times.map(whole), 0.99),
        },
      },
      { what: 'processor time of a turn in it', value: processorMs, unit: 'ms', target: { most: 3 } },
      { what: 'tool definitions, all five services', value: tokens, unit: 'tokens', target: { most: 4000 } },
    ];
  } finally {
    await stage.stop();
  }
}

/** Discord’s limits in force: how many calls an answer takes, and 50 messages at once. */
export async function measureDiscordLimit(options: BenchOptions): Promise<Figure[]> {
  const stage = await setStage(options, { rateLimits: true });
  try {
    const { load, talkers } = await warm(stage, options, { services: false });
    const one = talkers.slice(0, 1);
    const callsOf = async (answer: typeof short) => {
      stage.model.answer = answer;
      // Discord's windows of 5 s are over.
      await new Promise((resolve) => setTimeout(resolve, 6000));
      const times = await Promise.all(one.map((talker) => load.one(talker)));
      return Math.max(...times.map(({ calls }) => calls));
    };
    const shortCalls = await callsOf({ ...short, pieces: 10, ms: 800 });
    const longCalls = await callsOf({ text: longText(), pieces: 100, ms: 4000 });
    const firsts: number[] = [];
    for (let turn = 0; turn < (options.quick ? 2 : 20); turn++) {
      stage.model.answer = { text: longText(), pieces: 40, ms: 1500 };
      for (const talker of one) firsts.push((await load.one(talker)).toFirstMs);
      await new Promise((resolve) => setTimeout(resolve, options.quick ? 0 : 3000));
    }
    stage.model.answer = { ...short, pieces: 10, ms: 500 };
    const together: TurnTimes[] = [];
    for (let round = 0; round < (options.quick ? 1 : 5); round++) {
      await new Promise((resolve) => setTimeout(resolve, 6000));
      together.push(...(await Promise.all(talkers.map((talker) => load.one(talker)))));
    }
    load.stop();
    return [
      { what: 'Discord calls, a short answer', value: shortCalls, unit: '', target: { most: 2 } },
      { what: 'Discord calls, 4,000 characters in 4 s', value: longCalls, unit: '', target: { most: 8 } },
      cost('model’s first words → first words shown, p50', firsts, 0.5, 300),
      cost('model’s first words → first words shown, p99', firsts, 0.99, 300),
      cost('50 at once under 50 a second: model asked, p99', together.map(toModel), 0.99, 100),
      cost('50 at once under 50 a second: whole answer shown, p50', together.map(whole), 0.5, 1200),
    ];
  } finally {
    await stage.stop();
  }
}

const toModel = ({ toModelMs }: TurnTimes) => toModelMs;
const toShown = ({ toShownMs }: TurnTimes) => toShownMs;
const whole = ({ wholeMs }: TurnTimes) => wholeMs;

async function warm(
  stage: Stage,
  options: BenchOptions,
  { services = true }: { services?: boolean } = {},
): Promise<{ load: TurnLoad; talkers: Talker[]; bot: BenchProcess }> {
  const load = new TurnLoad(stage);
  stage.model.answer = short;
  // People whose first word is there before the bot is: channels are made before it looks.
  const nobody = await load.talkers(50, { services: false });
  const bot = await stage.start('bot');
  const talkers = services ? await load.talkers(50, { services }) : nobody;
  if (stage.discord.state.limits.rateLimits) {
    for (const talker of talkers) await load.one(talker);
    await new Promise((resolve) => setTimeout(resolve, options.quick ? 0 : 6000));
  } else await load.closedLoop(talkers.slice(0, 8), options.warmUpMs);
  return { load, talkers, bot };
}

function cost(what: string, values: readonly number[], share: number, most: number): Figure {
  const of = { p50: median(values), p99: percentile(values, 0.99), turns: values.length };
  return { what, value: percentile(values, share), unit: 'ms', target: { most }, of };
}

/** 4,000 characters of sentences, as a model writes them. */
function longText(): string {
  const sentence = 'A film about sand, spice and a family that is sent to the desert. ';
  return `${sentence.repeat(60)}This is the end of the long answer now.`;
}
