import type { APIApplicationCommandOptionChoice } from 'discord.js';
import { UserError } from '../errors.ts';
import { messages } from '../messages.ts';
import { oneLine } from './cards/server-text.ts';

export const timeZoneMessages = messages('time_zones', {
  unknown: 'There is no time zone called “{typed}”. Choose one from the list, such as Europe/Berlin.',
});

const mostChoices = 25;
const longestName = 100;
/** IANA's names, as this Node knows them; it leaves UTC out. */
const names = ['UTC', ...Intl.supportedValuesOf('timeZone')];

/** Names of time zones with every word that is typed, each with the time that it is there: whoever does not know theirs knows that. */
export function timeZoneChoices(typed: string, now: Date): APIApplicationCommandOptionChoice<string>[] {
  const words = wordsOf(typed);
  const fitting = names.filter((name) => {
    const within = wordsOf(name).join(' ');
    return words.every((word) => within.includes(word));
  });
  return fitting.slice(0, mostChoices).map((name) => ({ name: `${name} · ${timeIn(name, now)}`, value: name }));
}

/** The name of a time zone as IANA writes it. Throws UserError for what is none. */
export function timeZoneOf(typed: string): string {
  const wanted = wordsOf(typed).join(' ');
  const name = names.find((one) => wordsOf(one).join(' ') === wanted) ?? aliasOf(typed.trim());
  if (name === null)
    throw new UserError((say) => say(timeZoneMessages.unknown, { typed: oneLine(typed, longestName) }));
  return name;
}

/** The name of a zone that goes by two names, of which the list has one: Asia/Kolkata is Asia/Calcutta there. */
function aliasOf(typed: string): string | null {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: typed }).resolvedOptions().timeZone;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function wordsOf(text: string): string[] {
  return text
    .slice(0, longestName)
    .toLowerCase()
    .split(/[\s/_]+/)
    .filter((word) => word !== '');
}

function timeIn(timeZone: string, now: Date): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' }).format(now);
}
