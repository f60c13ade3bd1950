/** What a typed line asks for. A `message` is the number that stands over it; null takes the newest that fits. */
export type Line =
  | { kind: 'nothing' | 'help' | 'servers' | 'set-up' | 'show' | 'cancel' | 'approve' | 'quit' }
  | { kind: 'as' | 'in' | 'wait'; text: string }
  | { kind: 'press' | 'choose'; text: string; message: number | null }
  | { kind: 'pick' | 'clock'; number: number }
  | { kind: 'command'; text: string; wantsChoices: boolean }
  | { kind: 'say'; text: string };

/** The terminal's own words. None of them is a command of the bot. */
export const ownWords = [
  'as',
  'in',
  'press',
  'choose',
  'pick',
  'show',
  'servers',
  'setup',
  'approve',
  'clock',
  'wait',
  'cancel',
  'quit',
] as const;

export const helpText = `Type as you would in Discord:
  /request movie title:dune     a command of the bot; \`/request movie dune\` will do
  /request movie dune ?         what it suggests while you type; then /pick 2
  can you get dune for me?      talk to it; in a channel, begin with @Assistarr
  /press Request                a button, on the newest message that has it; /press Request #4 on message 4
  /choose Season 1, Season 2    in a menu
  a form asks field by field    an empty line keeps what stands there; /cancel closes it
And to move about:
  /as grace    /in films    /in dm    /show (what is here)    /wait some words (until they are shown)
  /servers (addresses and keys to type in)    /setup (or have all five set up at once)
  /approve (what waits in Seerr)              /clock 30 (downloads come on by 30 %)
help shows this again; /quit or Ctrl+D ends it, in a form too.`;

/** Reads one line. What is no command and none of the terminal's words is said to the bot. */
export function readLine(line: string): Line {
  const text = line.trim();
  if (text === '') return { kind: 'nothing' };
  if (text === 'help' || text === '?') return { kind: 'help' };
  const [, word = '', rest = ''] = /^\/(\w+)(?:\s+(.*))?$/s.exec(text) ?? [];
  switch (word) {
    case 'as':
    case 'in':
    case 'wait':
      return { kind: word, text: rest };
    case 'press':
    case 'choose':
      return { kind: word, ...withMessage(rest) };
    case 'pick':
      return { kind: 'pick', number: Number(rest) };
    case 'clock':
      return { kind: 'clock', number: rest === '' ? 10 : Number(rest) };
    case 'servers':
    case 'show':
    case 'cancel':
    case 'approve':
    case 'quit':
      return { kind: word };
    case 'setup':
      return { kind: 'set-up' };
  }
  if (!text.startsWith('/')) return { kind: 'say', text };
  const wantsChoices = text.endsWith(' ?');
  return { kind: 'command', text: wantsChoices ? text.slice(0, -2).trimEnd() : text, wantsChoices };
}

function withMessage(rest: string): { text: string; message: number | null } {
  const found = /^(.*?)\s*#(\d+)$/s.exec(rest);
  return found === null ? { text: rest, message: null } : { text: found[1] ?? '', message: Number(found[2]) };
}
