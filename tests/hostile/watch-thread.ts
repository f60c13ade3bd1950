import { monitorEventLoopDelay } from 'node:perf_hooks';

/**
 * Loaded before the bot: tells, when asked, for how long its thread was kept since it was asked before, in milliseconds; and how much of
 * the processor it used between two beats, which other processes on the machine hardly change.
 */

const resolutionMs = 5;
const delay = monitorEventLoopDelay({ resolution: resolutionMs });
delay.enable();

let used: number[] = [];
let before = process.threadCpuUsage();
setInterval(() => {
  const { user, system } = process.threadCpuUsage(before);
  used.push((user + system) / 1000);
  before = process.threadCpuUsage();
}, resolutionMs).unref();

process.on('message', () => {
  // The first beat after a start counts the time since the process began.
  const inMs = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - resolutionMs);
  const sorted = used.toSorted((one, other) => one - other);
  process.send?.({
    longest: inMs(delay.max),
    usual: inMs(delay.percentile(99)),
    processor: {
      longest: sorted.at(-1) ?? 0,
      usual: sorted[Math.floor(sorted.length * 0.99)] ?? 0,
      total: sorted.reduce((sum, ms) => sum + ms, 0),
    },
  });
  delay.reset();
  used = [];
});
process.channel?.unref();
