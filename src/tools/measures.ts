import { messages, type Say } from '../messages.ts';

export const measureMessages = messages('measures', {
  bytes: '{size, number, ::.# group-off} B',
  kilobytes: '{size, number, ::.# group-off} kB',
  megabytes: '{size, number, ::.# group-off} MB',
  gigabytes: '{size, number, ::.# group-off} GB',
  terabytes: '{size, number, ::.# group-off} TB',
  petabytes: '{size, number, ::.# group-off} PB',
  perSecond: '{size}/s',
  underAMinute: 'under a minute',
  minutes: '{minutes} min',
  hours: '{hours} h',
  hoursAndMinutes: '{hours} h {minutes} min',
  days: '{days} d',
  daysAndHours: '{days} d {hours} h',
});

const { bytes: ofBytes, kilobytes, megabytes, gigabytes, terabytes, petabytes } = measureMessages;
const units = [ofBytes, kilobytes, megabytes, gigabytes, terabytes, petabytes] as const;
/** No server has as much: what is more was not measured. */
const mostBytes = 1e21;

/** "8.4 GB": bytes in steps of a thousand, one decimal where it says something. */
export function formatSize(bytes: number, say: Say): string {
  const size = Number.isFinite(bytes) ? Math.min(Math.max(0, bytes), mostBytes) : 0;
  let power = 0;
  // By what would be written: 999,950 bytes are 1 MB and not 1000 kB.
  while (power < units.length - 1 && Math.round(size / 1000 ** power) >= 1000) power++;
  const value = size / 1000 ** power;
  return say(units[power] ?? petabytes, { size: Number(value.toFixed(power > 0 && value < 100 ? 1 : 0)) });
}

/** "5.2 MB/s": bytes a second. */
export function formatSpeed(bytesPerSecond: number, say: Say): string {
  return say(measureMessages.perSecond, { size: formatSize(bytesPerSecond, say) });
}

/** "2 d 3 h", "1 h 20 min", "12 min", "under a minute": the two largest parts of some seconds. */
export function formatDuration(seconds: number, say: Say): string {
  const whole = Math.round(Number.isFinite(seconds) ? Math.max(0, seconds) / 60 : 0);
  if (whole < 1) return say(measureMessages.underAMinute);
  const [days, hours, minutes] = [Math.floor(whole / 1440), Math.floor(whole / 60) % 24, whole % 60];
  if (days > 0)
    return hours > 0 ? say(measureMessages.daysAndHours, { days, hours }) : say(measureMessages.days, { days });
  if (hours === 0) return say(measureMessages.minutes, { minutes });
  return minutes > 0 ? say(measureMessages.hoursAndMinutes, { hours, minutes }) : say(measureMessages.hours, { hours });
}
