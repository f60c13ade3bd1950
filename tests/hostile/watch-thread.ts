import { monitorEventLoopDelay } from 'node:perf_hooks';

/** Loaded before the bot: tells, when asked, for how long its thread was kept since it was asked before, in milliseconds. */

const resolutionMs = 5;
const delay = monitorEventLoopDelay({ resolution: resolutionMs });
delay.enable();

process.on('message', () => {
  // The first beat after a start counts the time since the process began.
  const inMs = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - resolutionMs);
  process.send?.({ longest: inMs(delay.max), usual: inMs(delay.percentile(99)) });
  delay.reset();
});
process.channel?.unref();
