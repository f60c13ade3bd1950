import { readdir, readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { commands } from '../../src/commands/registry.ts';
import { messages, sayInEnglish } from '../../src/messages.ts';
import { serviceNames } from '../../src/services/registry.ts';
import { tools, toolsOf } from '../../src/tools/registry.ts';
import { examplesOf, type Sentences, slot, told } from '../../src/tools/sentences.ts';
import { searchMovies } from '../../src/tools/titles/search-movies.ts';
import { definePressTool, defineReadTool } from '../../src/tools/tool.ts';

const source = new URL('../../src/', import.meta.url);

/** The files of src/tools/<subject>/ that define an operation. */
async function operationFiles(): Promise<string[]> {
  const entries = await readdir(new URL('tools/', source), { recursive: true });
  const names = entries.filter((name) => name.endsWith('.ts') && name !== 'tool.ts');
  const texts = await Promise.all(names.map((name) => readFile(new URL(`tools/${name}`, source), 'utf8')));
  return names.filter((_name, index) => /\bdefine(?:Read|Press)Tool\(/.test(texts[index] ?? ''));
}

it('has one operation in each file that defines any, in a folder of a subject, named like it, and registered', async () => {
  const files = await operationFiles();
  expect(files.length).toBeGreaterThan(20);
  const registered = new Map<unknown, string>(Object.entries(tools).map(([name, tool]) => [tool, name]));
  for (const file of files) {
    expect(file, 'an operation is in src/tools/<subject>/').toMatch(/^[a-z-]+\/[a-z0-9-]+\.ts$/);
    const module: Record<string, unknown> = await import(new URL(`tools/${file}`, source).href);
    const defined = Object.values(module).flatMap((value) => registered.get(value) ?? []);
    const name = file.replace(/^.*\/|\.ts$/g, '').replaceAll('-', '_');
    expect(defined, `src/tools/${file} needs a line in src/tools/registry.ts`).toEqual([name]);
  }
  const names = files.map((file) => file.replace(/^.*\/|\.ts$/g, '').replaceAll('-', '_'));
  expect(names.sort()).toEqual(Object.keys(tools).sort());
});

it('registers every command of src/commands, each with prefixes of its own', async () => {
  const files = (await readdir(new URL('commands/', source))).filter((name) => name.endsWith('.ts'));
  const texts = await Promise.all(files.map((name) => readFile(new URL(`commands/${name}`, source), 'utf8')));
  const defined = texts.filter((text) => /^export const \w+(: Command = \{| = .*\): Command => )/m.test(text));
  expect(commands).toHaveLength(defined.length);
  const prefixes = commands.flatMap((command) => Object.keys(command.components ?? {}));
  expect(new Set(prefixes).size).toBe(prefixes.length);
});

it('offers only the tools of the services that are there', () => {
  const names = (...services: string[]) =>
    toolsOf({ has: (service) => services.includes(service) }).map((tool) => tool.name);
  expect(names()).toEqual([]);
  for (const service of serviceNames) {
    const own = Object.values(tools).filter(({ services }) => services.some((one) => one === service));
    expect(names(service)).toEqual(own.map(({ name }) => name));
    expect(names(service)).toContain('get_service_status');
    expect(own.length, service).toBeLessThan(Object.keys(tools).length);
  }
  expect(names('radarr')).toContain('request_movie');
  expect(names('radarr')).not.toContain('request_series');
});

/** By what the next step can name an item of a list: what has a title or a name of its own, only by its id. */
function namesOf(keys: readonly string[]): RegExp {
  return keys.includes('title') || keys.includes('name') ? /Id$|^hash$/ : /Id$|^hash$|^service$|^seasonNumber$/;
}

it.each(
  Object.values(tools).filter(({ effect }) => effect === 'read'),
)('gives the items of each list that $name returns an id, by which the next step can name them', ({ output }) => {
  for (const keys of listedIn(output)) expect(keys).toContainEqual(expect.stringMatching(namesOf(keys)));
});

it('finds the lists in what operations return', () => {
  const reading = Object.values(tools).filter(({ effect }) => effect === 'read');
  const listing = reading.filter(({ output }) => listedIn(output).length > 0);
  expect(listing.length).toBeGreaterThan(reading.length / 2);
});

/** The names of the fields of each kind of object that stands in a list, wherever in the output. */
function listedIn(schema: z.core.$ZodType): string[][] {
  if (schema instanceof z.ZodArray) return objectsIn(schema.element).map(({ shape }) => Object.keys(shape));
  return objectsIn(schema).flatMap(({ shape }) => Object.values<z.core.$ZodType>(shape).flatMap(listedIn));
}

function objectsIn(schema: z.core.$ZodType): z.ZodObject[] {
  if (schema instanceof z.ZodObject) return [schema];
  return schema instanceof z.ZodUnion ? schema.options.flatMap(objectsIn) : [];
}

it('gives the messages of an operation its name as their subject', () => {
  for (const { name, words } of Object.values(tools))
    for (const [message, { id }] of Object.entries(words)) expect(id).toBe(`${name}.${message}`);
});

it('has words for every result of every operation that waits for a press, and a neutral sentence for a row that fits none', () => {
  for (const tool of Object.values(tools)) {
    if (tool.effect === 'read') continue;
    const server = tool.serverOf({});
    const neutral = tool.done({ result: 'of another version' }, {}, sayInEnglish);
    expect(neutral).toContain(server);
    expect(neutral).toContain('Another version of the bot');
  }
});

const saidAs: Sentences<Record<string, never>> = { phrases: [{ says: ['stop it all'] }], input: {} };

it('takes no operation that waits for a press and does not say what the press will do, or names no button for it, or has no sentence', () => {
  const whole = {
    name: 'stop_all',
    description: 'Stops all.',
    effect: 'write' as const,
    services: ['qbittorrent'] as const,
    input: z.object({}),
    output: z.object({ result: z.literal('stopped') }),
    words: messages('stop_all', { activity: 'Stopping', button: 'Stop', busy: 'Stopping…' }),
    sentences: saidAs,
    load: async () => ({ title: { title: 'All', year: null, posterUrl: null } }),
    preview: () => ({ lines: ['Stops all.'] }),
    run: async () => ({ result: 'stopped' as const }),
    verify: async () => 'unknown' as const,
    done: { stopped: () => 'Stopped.' },
  };
  expect(sayInEnglish(definePressTool(whole).words.button)).toBe('Stop');
  const { preview: _preview, ...silent } = whole;
  // @ts-expect-error it must not compile without `preview`: tsc fails here when it does
  definePressTool(silent);
  const unnamed = { ...whole, words: messages('stop_all', { activity: 'Stopping', busy: 'Stopping…' }) };
  // @ts-expect-error it must not compile without `button`: tsc fails here when it does
  definePressTool(unnamed);
  const { sentences: _sentences, ...unasked } = whole;
  // @ts-expect-error it must not compile without `sentences`: tsc fails here when it does
  definePressTool(unasked);
});

it('takes no sentences that do not say what the operation needs', () => {
  const look = {
    name: 'look',
    description: 'Looks.',
    services: ['radarr'] as const,
    input: z.object({ tmdbId: z.number(), query: z.string().optional() }),
    output: z.object({}),
    words: messages('look', { activity: 'Looking' }),
    run: async () => ({}),
  };
  const phrases: Sentences<z.output<typeof look.input>>['phrases'] = [{ says: ['look for {title}'] }];
  const [tmdbId, query] = [told(searchMovies, 'tmdbId'), slot('title')];
  const answer = () => 'Looked.';
  expect(defineReadTool({ ...look, sentences: { phrases, input: { tmdbId, query }, answer } }).name).toBe('look');
  // @ts-expect-error without sentences
  expect(() => defineReadTool(look)).toThrow();
  const wrong = [
    // @ts-expect-error with no sentence
    defineReadTool({ ...look, sentences: { phrases: [], input: { tmdbId }, answer } }),
    // @ts-expect-error without what is said of the result
    defineReadTool({ ...look, sentences: { phrases, input: { tmdbId } } }),
    // @ts-expect-error without a field that the input has
    defineReadTool({ ...look, sentences: { phrases, input: { query }, answer } }),
    // @ts-expect-error with a field that it has not
    defineReadTool({ ...look, sentences: { phrases, input: { tmdbId, title: query }, answer } }),
    // @ts-expect-error with a field of another type
    defineReadTool({ ...look, sentences: { phrases, input: { tmdbId: query }, answer } }),
    // @ts-expect-error which fix a field that it has not
    defineReadTool({ ...look, sentences: { phrases: [{ says: ['x'], means: { id: 1 } }], input: { tmdbId }, answer } }),
    // @ts-expect-error from a look-up that does not tell it
    told(searchMovies, 'tvdbId'),
    // @ts-expect-error from a slot that does not exist
    slot('name'),
  ];
  expect(wrong).toHaveLength(8);
});

it('has only slots that exist in the sentences of every operation', () => {
  for (const tool of Object.values(tools))
    for (const { forms, template } of examplesOf(tool)) expect(forms.join(), template).not.toMatch(/[{}|[\]]/);
});

it('has a button on the card of every operation that waits for a press', () => {
  const buttons = Object.values(tools).flatMap((tool) =>
    tool.effect === 'read' ? [] : [sayInEnglish(tool.words.button)],
  );
  expect(buttons.length).toBeGreaterThan(5);
  for (const button of buttons) expect(button).toMatch(/^[A-Z][\w ]{2,30}$/);
});
