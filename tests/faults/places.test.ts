import { expect, it } from 'vitest';
import { pressTools } from '../press-tools.ts';
import { places } from './places.ts';

it.each(
  pressTools.map(({ name, services }) => [name, services] as const),
)('has a place where the press of %s fails, at a server that it acts on', (name, services) => {
  const place = places.find(({ operation }) => operation === name);
  expect(place, 'the first of its sentences makes one').toBeDefined();
  expect(services).toContain(place?.service);
});
