import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../playground/json.ts';
import { readCommand } from '../../playground/terminal/read-command.ts';
import { ownWords, readLine } from '../../playground/terminal/read-line.ts';
import { commands } from '../../src/commands/registry.ts';
import { quickImports } from '../quick-imports.ts';

const demo = fileURLToPath(new URL('../../playground/demo.ts', import.meta.url));

/** Types these lines into the interactive demo, as a pipe does, and gives all that it printed. */
async function type(...lines: string[]): Promise<{ code: unknown; text: string }> {
  const environment = { ...process.env, OPENAI_API_KEY: '' };
  const child = spawn(process.execPath, [...quickImports, demo, '--interactive'], { env: environment });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      text += chunk;
    });
  child.stdin.end(lines.map((line) => `${line}\n`).join(''));
  const [code] = await once(child, 'close');
  return { code, text };
}

describe('npm run demo -- --interactive', () => {
  it('plays commands, forms, menus, presses and talk of two people, and ends with its input', async () => {
    const { code, text } = await type(
      '/setup',
      '/in films',
      '/request tv severance ?',
      '/pick 1',
      '/press request',
      '/choose season 1, season 2',
      '/press request',
      '/wait Asked for by Ada',
      '/as grace',
      '/show',
      '/in dm',
      '/services configure radarr',
      'http://127.0.0.1:1',
      'the-key-of-grace',
      '/as ada',
      'can you get dune part two for me?',
      '/press Request',
      '/wait Done: **Dune: Part Two',
    );
    expect(code, text).toBe(0);
    const following = (line: string) => text.slice(text.indexOf(line) + line.length);
    expect(following('/request tv severance ?')).toMatch(/^\s+1\. Severance \(2022\)/);
    expect(following('/pick 1')).toContain('! “request” cannot be used yet');
    expect(following('/choose season 1, season 2')).toMatch(/^[^>]*\*\*Request:\*\* seasons 1, 2/);
    // Grace reads what came of it, and not the card that was Ada's alone.
    const [grace = ''] = following('Grace · #films> /show').split('Grace · #films>');
    expect(grace).toContain('Asked for by Ada');
    expect(grace).not.toContain('Only you can see this');
    expect(following('A form opens: Set up Radarr')).toMatch(
      /^\s+Address \(such as [^)]*\): http:\/\/127\.0\.0\.1:1\n/,
    );
    expect(following('the-key-of-grace')).toMatch(/Radarr[^>]*nothing answers/i);
    expect(following('can you get dune part two for me?')).toContain('Done: **Dune: Part Two (2024)** – ✅ Requested.');
    expect(text.trimEnd()).toMatch(/The bot has stopped\.$/);
  }, 180_000);

  it('says what cannot be done, and goes on', async () => {
    const { code, text } = await type(
      'help',
      '/nothing',
      '/press Fly',
      '/press Fly #99',
      '/press',
      '/choose x',
      '/pick 1',
      '/cancel',
      '/as linus',
      '/in',
      '/in nowhere',
      '/wait',
      '/clock far',
      '/approve',
      '/request movie',
      '/services configure radarr',
      '',
      '',
      '/cancel',
      '/status',
      '/quit',
      'never read',
    );
    expect(code, text).toBe(0);
    expect(text).not.toContain('never read');
    for (const words of [
      '/press Request #4 on message 4',
      '! there is no /nothing',
      '! there is no “Fly” here',
      '! there is no “Fly” on message #99',
      '! there is no “x” here',
      '! nothing was suggested',
      '! no form is open',
      '! there is Ada and Grace',
      '! say where',
      '! there is #general, #films and dm',
      '! say for which words',
      '! say how far',
      '! say which one',
      'Approved in Seerr: 1',
      'The bot’s commands: /request  /library',
      '! /request movie needs title',
      '! the field address is required',
    ])
      expect(text).toContain(words);
    expect(text.slice(text.indexOf('> /status'))).toContain('Assistarr:');
  }, 120_000);
});

const registered = commands.map<Json>((command) => ({ ...command.definition }));

describe('a typed line', () => {
  it('takes no command of the bot for a word of its own', () => {
    const names = commands.map(({ definition }) => definition.name);
    for (const word of ownWords) expect(names).not.toContain(word);
  });

  it('is said to the bot whatever it is, unless it begins with a slash', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (typed) => {
        const line = readLine(typed);
        const text = typed.trim();
        if (text === '') expect(line).toEqual({ kind: 'nothing' });
        else if (text === 'help' || text === '?') expect(line).toEqual({ kind: 'help' });
        else if (!text.startsWith('/')) expect(line).toEqual({ kind: 'say', text });
        else expect(line.kind).not.toBe('say');
      }),
    );
  });

  it('names the message of a press', () => {
    expect(readLine('/press Set up Radarr #12')).toEqual({ kind: 'press', text: 'Set up Radarr', message: 12 });
    expect(readLine('/press Set up Radarr')).toEqual({ kind: 'press', text: 'Set up Radarr', message: null });
  });
});

describe('a typed command', () => {
  it('is read by what the bot registered', () => {
    expect(readCommand(registered, '/request movie dune part two')).toEqual({
      name: 'request movie',
      options: { title: 'dune part two' },
      last: 'title',
    });
    expect(readCommand(registered, '/services configure Radarr').options).toEqual({ service: 'radarr' });
    expect(readCommand(registered, '/help')).toEqual({ name: 'help', options: {}, last: null });
    expect(readCommand(registered, '/help me').name).toBe('help me');
    expect(readCommand(registered, '/fly away').name).toBe('fly away');
  });

  const definition: Json = {
    name: 'try',
    options: [
      { name: 'text', type: 3 },
      { name: 'many', type: 4 },
      { name: 'also', type: 5 },
    ],
  };
  const words = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
    .map((text) => text.trim().replace(/\s+/g, ' '))
    .filter((text) => text !== '' && !/(text|many|also):/.test(text));

  it('gives back each value that was typed, in any order', () => {
    fc.assert(
      fc.property(
        words,
        fc.integer(),
        fc.boolean(),
        fc.shuffledSubarray(['text', 'many', 'also']),
        (text, many, also, order) => {
          const values: Record<string, string | number | boolean> = { text, many, also };
          const typed = order.map((name) => `${name}:${values[name]}`).join(' ');
          const options = Object.fromEntries(order.map((name) => [name, values[name]]));
          expect(readCommand([definition], `/try ${typed}`)).toEqual({
            name: 'try',
            options,
            last: order.at(-1) ?? null,
          });
        },
      ),
    );
  });
});
