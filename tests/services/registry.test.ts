import { readdirSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isServiceName, serviceDefinitions, serviceNames } from '../../src/services/registry.ts';

describe('the registry of services', () => {
  it('has every definition, under the name of its folder', () => {
    const files = readdirSync(new URL('../../src/services/', import.meta.url), { recursive: true, encoding: 'utf8' });
    const defined = files.filter((file) => basename(file) === 'definition.ts').map(dirname);
    expect(defined.sort()).toEqual([...serviceNames].sort());
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
