import { messages, type Say } from '../../messages.ts';
import { formatDuration, formatSpeed } from '../../tools/measures.ts';
import type { Progress } from '../../tools/progress.ts';
import { progressBar } from './progress-bar.ts';
import { escaped } from './server-text.ts';

const longestReason = 500;

export const progressMessages = messages('progress', {
  waiting: '📨 Waiting for approval in {server}.',
  declined: '🚫 The request was declined in {server}.',
  failed: '⚠️ {server} could not pass the request on. Whoever runs {server} can retry it there; updates then resume.',
  nothingYet: '🔎 {server} has found nothing yet. It keeps looking.',
  downloading: '⬇️ Downloading',
  paused: '⏸️ The download is paused. `/downloads` resumes it.',
  importing: '📦 Downloaded. {server} is putting it into the library.',
  stuck: '⚠️ The download is stuck: {reason}\nFix it in {server}; updates resume by themselves.',
  stuckUnsaid: '⚠️ The download is stuck: {server} does not say why.\nFix it in {server}; updates resume by themselves.',
  partStuck: '⚠️ A part is stuck: {reason}',
  ready: '🎉 Ready to watch.',
  episodesReady:
    '🎉 Ready to watch: {episodes, plural, one {the episode is there} other {all {episodes, number, ::group-off} episodes are there}}.',
  episodesThere:
    '{have, number, ::group-off} of {of, number, ::group-off} episodes {have, plural, one {is} other {are}} there.',
  timeLeft: '{time} left',
  removed: 'It was removed from {server} again.',
});

/** How far a request has come, in a few lines; null when there is nothing to add to the outcome's own words. */
export function progressWords(
  progress: Progress,
  server: string,
  { say, isLong = false }: { say: Say; isLong?: boolean },
): string | null {
  const lines = [headWords(progress, { server, say, isLong })];
  if (lines[0] === null && episodeWords(progress, say) === '') return null;
  if (progress.state === 'downloading' || progress.state === 'paused') lines.push(barWords(progress, say));
  if (progress.state !== 'available') lines.push(episodeWords(progress, say));
  if (progress.problem !== null && progress.state !== 'stuck')
    lines.push(say(progressMessages.partStuck, { reason: escaped(progress.problem, longestReason) }));
  return lines.filter((line) => line !== null && line !== '').join('\n');
}

function headWords(
  { state, problem, episodes }: Progress,
  { server, say, isLong }: { server: string; say: Say; isLong: boolean },
): string | null {
  switch (state) {
    case 'waiting_for_approval':
      return say(progressMessages.waiting, { server });
    case 'declined':
      return say(progressMessages.declined, { server });
    case 'failed':
      return say(progressMessages.failed, { server });
    case 'searching':
      return isLong ? say(progressMessages.nothingYet, { server }) : null;
    case 'downloading':
      return say(progressMessages.downloading);
    case 'paused':
      return say(progressMessages.paused);
    case 'importing':
      return say(progressMessages.importing, { server });
    case 'stuck':
      if (problem === null) return say(progressMessages.stuckUnsaid, { server });
      return say(progressMessages.stuck, { server, reason: escaped(problem, longestReason) });
    case 'available':
      if (episodes === null) return say(progressMessages.ready);
      return say(progressMessages.episodesReady, { episodes: episodes.of });
    case 'removed':
      return say(progressMessages.removed, { server });
  }
}

function episodeWords({ episodes }: Progress, say: Say): string {
  if (episodes === null || episodes.have === 0) return '';
  return say(progressMessages.episodesThere, episodes);
}

function barWords({ state, percent, bytesPerSecond, secondsLeft }: Progress, say: Say): string {
  const facts: string[] = [];
  if (state === 'downloading' && bytesPerSecond !== null) facts.push(formatSpeed(bytesPerSecond, say));
  if (state === 'downloading' && secondsLeft !== null)
    facts.push(say(progressMessages.timeLeft, { time: formatDuration(secondsLeft, say) }));
  const bar = `${progressBar(percent)} ${Math.floor(percent)} %`;
  return facts.length === 0 ? bar : `${bar}\n-# ${facts.join(' · ')}`;
}
