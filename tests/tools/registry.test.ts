import { readdir, readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { commands } from '../../src/commands/registry.ts';
import { serviceNames } from '../../src/services/registry.ts';
import { tools, toolsOf } from '../../src/tools/registry.ts';

const source = new URL('../../src/', import.meta.url);

it('registers every tool that a file of src/tools defines', async () => {
  const files = (await readdir(new URL('tools/', source))).filter((name) => name.endsWith('.ts'));
  const texts = await Promise.all(files.map((name) => readFile(new URL(`tools/${name}`, source), 'utf8')));
  const defined = texts.flatMap((text) =>
    [...text.matchAll(/define(?:Read|Press)Tool\(\{\s*name: '(\w+)'/g)].map((match) => match[1]),
  );
  expect(defined.length).toBeGreaterThan(5);
  expect(defined.sort()).toEqual(Object.keys(tools).sort());
});

it('registers every command of src/commands, each with prefixes of its own', async () => {
  const files = (await readdir(new URL('commands/', source))).filter((name) => name.endsWith('.ts'));
  const texts = await Promise.all(files.map((name) => readFile(new URL(`commands/${name}`, source), 'utf8')));
  const defined = texts.filter((text) => /^export const \w+: Command = \{/m.test(text));
  expect(commands).toHaveLength(defined.length);
  const prefixes = commands.flatMap((command) => Object.keys(command.components ?? {}));
  expect(new Set(prefixes).size).toBe(prefixes.length);
});

it('registers every folder of src/services', async () => {
  const entries = await readdir(new URL('services/', source), { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  expect(folders.sort()).toEqual([...serviceNames].sort());
});

it('offers only the tools of the services that are there', () => {
  const names = (...services: string[]) =>
    toolsOf({ has: (service) => services.includes(service) }).map((tool) => tool.name);
  expect(names()).toEqual([]);
  expect(names('jellyfin')).toEqual([
    'search_library',
    'get_recently_added',
    'get_continue_watching',
    'get_sessions',
    'get_service_status',
  ]);
  expect(names('radarr')).toContain('request_movie');
  expect(names('radarr')).not.toContain('request_series');
});
