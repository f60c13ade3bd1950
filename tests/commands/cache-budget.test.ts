import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf, CacheBudget } from '../../src/commands/cache-budget.ts';
import { LoadedCards } from '../../src/commands/cards/loaded-cards.ts';
import { LookUps } from '../../src/commands/look-ups.ts';
import { pauseTorrents } from '../../src/tools/torrents/pause-torrents.ts';

/** A text that counts as so many bytes. */
const sized = (bytes: number) => 'x'.repeat((bytes - 24) / 2);

describe('what the caches may hold', () => {
  it('is limited per person and in total, whatever is kept and released', () => {
    const step = fc.record({
      owner: fc.constantFrom('ada', 'bob', 'grace'),
      bytes: fc.integer({ min: 13, max: 300 }).map((half) => 2 * half),
      what: fc.constantFrom('keep', 'use', 'release'),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const budget = new CacheBudget({ bytesOfOne: 500, bytesOfAll: 1000 });
        const held = new Map<number, { owner: string; bytes: number }>();
        for (const [index, { owner, bytes, what }] of steps.entries()) {
          const kept = budget.keep(owner, sized(bytes), () => held.delete(index));
          expect(kept === null).toBe(bytes > 500);
          if (kept === null) continue;
          if (what === 'use') kept.use();
          if (what === 'release') {
            kept.release();
            kept.release();
          } else held.set(index, { owner, bytes });
          const sum = (of?: string) =>
            [...held.values()].reduce((all, one) => all + (of === undefined || one.owner === of ? one.bytes : 0), 0);
          expect(budget.used).toBe(sum());
          expect(sum()).toBeLessThanOrEqual(1000);
          expect(sum(owner)).toBeLessThanOrEqual(500);
        }
      }),
    );
  });

  it('drops the least recently used first, beginning with the same person’s', () => {
    const budget = new CacheBudget({ bytesOfOne: 500, bytesOfAll: 1000 });
    const dropped: string[] = [];
    const keep = (owner: string, name: string) => budget.keep(owner, sized(200), () => dropped.push(name));
    keep('bob', 'b1');
    const first = keep('ada', 'a1');
    keep('ada', 'a2');
    first?.use();
    keep('ada', 'a3');
    expect(dropped).toEqual(['a2']);
    for (const name of ['g1', 'g2', 'c1']) keep(name, name);
    expect(dropped).toEqual(['a2', 'b1']);
  });

  it('counts texts, lists and objects', () => {
    expect(bytesOf('abc')).toBe(30);
    expect(bytesOf([1, 'a', { title: 'b', none: null }])).toBeGreaterThan(100);
    expect(bytesOf({ titles: Array(1000).fill({ title: 'Dune', year: 2021 }) })).toBeGreaterThan(50_000);
  });
});

describe('a cache', () => {
  const ask = (found: string[]) => async () => found;

  it('of titles drops old answers for new ones, and gives one that is too large without keeping it', async () => {
    const budget = new CacheBudget({ bytesOfOne: 1000, bytesOfAll: 5000 });
    const lookUps = new LookUps<string>({}, budget);
    let asked = 0;
    const find = (userId: string, term: string, bytes: number) =>
      lookUps.find({ userId, term }, () => {
        asked++;
        return ask([sized(bytes)])();
      });
    for (const term of ['du', 'dun', 'dune', 'dune']) await find('ada', term, 400);
    expect(asked).toBe(3);
    await find('ada', 'du', 400);
    expect(asked).toBe(4);
    expect(await find('ada', 'matrix', 4000)).toHaveLength(1);
    await find('ada', 'matrix', 4000);
    expect(asked).toBe(6);
    for (let person = 0; person < 50; person++) await find(`p${person}`, 'du', 400);
    expect(budget.used).toBeLessThanOrEqual(5000);
    lookUps.forget('p49');
    for (let person = 0; person < 50; person++) lookUps.forget(`p${person}`);
    lookUps.forget('ada');
    expect(budget.used).toBe(0);
  });

  it('of cards drops old ones for new ones, and keeps none that is too large', () => {
    const budget = new CacheBudget({ bytesOfOne: 1000, bytesOfAll: 5000 });
    const cards = new LoadedCards({}, budget);
    const details = (bytes: number) => ({
      title: { title: sized(bytes), year: null, posterUrl: null },
      torrents: [],
    });
    const put = (id: string, bytes: number) => cards.put({ id, userId: 'ada' }, pauseTorrents.bind(details(bytes)));
    for (const id of ['1', '2', '3']) put(id, 300);
    expect(['1', '2', '3'].map((id) => cards.any(id) !== null)).toEqual([false, true, true]);
    put('4', 3000);
    put('2', 30);
    expect(cards.any('4')).toBeNull();
    expect(cards.fresh('2')?.details).toEqual(details(30));
  });
});
