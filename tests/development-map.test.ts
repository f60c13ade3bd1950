import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const rows = readFileSync('docs/development.md', 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| '))
  .map((line) => line.split('|').slice(1, -1));
const quoted = (cell = '') => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);

describe('the map for developers', () => {
  it('names every folder of src, and none that is not there', () => {
    const named = rows.flatMap(([folder]) => quoted(folder)).filter((name) => name.startsWith('src/'));
    const folders = readdirSync('src', { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isDirectory())
      .map(({ parentPath, name }) => `${parentPath}/${name}`);
    expect(named.toSorted()).toEqual(folders.toSorted());
  });

  it('names for each step of a way a file, and functions that are in it', () => {
    const steps = rows.flatMap(([, where, functions]) => {
      const [file] = quoted(where);
      return file?.endsWith('.ts') === true ? quoted(functions).map((name) => ({ file, name })) : [];
    });
    expect(steps.length).toBeGreaterThan(40);
    const missing = steps.filter(
      ({ file, name }) => !new RegExp(`\\b(function|const) ${name}\\b`).test(readFileSync(file, 'utf8')),
    );
    expect(missing).toEqual([]);
  });
});
