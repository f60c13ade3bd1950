import { readdir, readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { tools } from '../../src/tools/registry.ts';

const source = new URL('../../src/', import.meta.url);

it('knows every table of messages in src, each subject once, so that another language cannot lack one', async () => {
  const files = (await readdir(source, { recursive: true })).filter((name) => name.endsWith('.ts'));
  const texts = await Promise.all(files.map((name) => readFile(new URL(name, source), 'utf8')));
  const subjects = texts.flatMap((text) => [...text.matchAll(/\bmessages\(\s*'(\w+)'/g)].map(([, subject]) => subject));
  const tables = await readFile(new URL('languages/tables.ts', source), 'utf8');
  const registered = [...tables.matchAll(/^ {2}(\w+): typeof/gm)].map(([, subject]) => subject);
  expect(subjects.length).toBeGreaterThan(Object.keys(tools).length);
  expect(subjects.sort()).toEqual([...Object.keys(tools), ...registered].sort());
});
