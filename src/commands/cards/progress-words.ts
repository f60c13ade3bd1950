import { sayInEnglish } from '../../messages.ts';
import { formatDuration, formatSpeed } from '../../tools/measures.ts';
import type { Progress } from '../../tools/progress.ts';
import { progressBar } from './progress-bar.ts';
import { escaped } from './server-text.ts';

const longestReason = 500;

/** How far a request has come, in a few lines; null when there is nothing to add to the outcome's own words. */
export function progressWords(progress: Progress, server: string, { isLong = false } = {}): string | null {
  const lines = [headWords(progress, server, isLong)];
  if (lines[0] === null && episodeWords(progress) === '') return null;
  if (progress.state === 'downloading' || progress.state === 'paused') lines.push(barWords(progress));
  if (progress.state !== 'available') lines.push(episodeWords(progress));
  if (progress.problem !== null && progress.state !== 'stuck')
    lines.push(`⚠️ A part is stuck: ${escaped(progress.problem, longestReason)}`);
  return lines.filter((line) => line !== null && line !== '').join('\n');
}

function headWords({ state, problem, episodes }: Progress, server: string, isLong: boolean): string | null {
  switch (state) {
    case 'waiting_for_approval':
      return `📨 Waiting for approval in ${server}.`;
    case 'declined':
      return `🚫 The request was declined in ${server}.`;
    case 'failed':
      return `⚠️ ${server} could not pass the request on. Whoever runs ${server} can retry it there; updates then resume.`;
    case 'searching':
      return isLong ? `🔎 ${server} has found nothing yet. It keeps looking.` : null;
    case 'downloading':
      return '⬇️ Downloading';
    case 'paused':
      return '⏸️ The download is paused. `/downloads` resumes it.';
    case 'importing':
      return `📦 Downloaded. ${server} is putting it into the library.`;
    case 'stuck': {
      const reason = problem === null ? `${server} does not say why.` : escaped(problem, longestReason);
      return `⚠️ The download is stuck: ${reason}\nFix it in ${server}; updates resume by themselves.`;
    }
    case 'available':
      return episodes === null ? '🎉 Ready to watch.' : `🎉 Ready to watch: ${allWords(episodes.of)}.`;
    case 'removed':
      return `It was removed from ${server} again.`;
  }
}

function allWords(episodes: number): string {
  return episodes === 1 ? 'the episode is there' : `all ${episodes} episodes are there`;
}

function episodeWords({ episodes }: Progress): string {
  if (episodes === null || episodes.have === 0) return '';
  return `${episodes.have} of ${episodes.of} episodes ${episodes.have === 1 ? 'is' : 'are'} there.`;
}

function barWords({ state, percent, bytesPerSecond, secondsLeft }: Progress): string {
  const facts: string[] = [];
  if (state === 'downloading' && bytesPerSecond !== null) facts.push(formatSpeed(bytesPerSecond, sayInEnglish));
  if (state === 'downloading' && secondsLeft !== null) facts.push(`${formatDuration(secondsLeft, sayInEnglish)} left`);
  const bar = `${progressBar(percent)} ${Math.floor(percent)} %`;
  return facts.length === 0 ? bar : `${bar}\n-# ${facts.join(' · ')}`;
}
