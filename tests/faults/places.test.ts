import { expect, it } from 'vitest';
import { tools } from '../../src/tools/registry.ts';
import { places } from './places.ts';

it.each(
  Object.values(tools).map(({ name, services }) => [name, services] as const),
)('has a place where the press or the answer of %s fails, at a server that it asks', (name, services) => {
  const place = places.find(({ operation }) => operation === name);
  expect(place, 'the first of its sentences makes one').toBeDefined();
  expect(services).toContain(place?.service);
});
