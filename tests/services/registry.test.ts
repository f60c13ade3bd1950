import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isServiceName, serviceDefinitions, serviceNames } from '../../src/services/registry.ts';

describe('the registry of services', () => {
  it('has every folder, under its own name', () => {
    const folder = new URL('../../src/services/', import.meta.url);
    const folders = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(folders.map((entry) => entry.name).sort()).toEqual([...serviceNames].sort());
    for (const name of serviceNames) expect(serviceDefinitions[name].name).toBe(name);
  });

  it('knows a name from what every object has', () => {
    expect(isServiceName('radarr')).toBe(true);
    for (const other of ['toString', '__proto__', 'constructor', 'Radarr', ''])
      expect(isServiceName(other)).toBe(false);
  });

  it('tells apart labels and ports', () => {
    const definitions = serviceNames.map((name) => serviceDefinitions[name]);
    expect(new Set(definitions.map(({ label }) => label)).size).toBe(definitions.length);
    expect(definitions.map(({ defaultPort }) => defaultPort)).toEqual([7878, 8989, 8096, 5055, 8080]);
  });
});
