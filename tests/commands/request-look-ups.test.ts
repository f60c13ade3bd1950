import { describe, expect, it } from 'vitest';
import { LookUps, normaliseTerm } from '../../src/commands/look-ups.ts';
import { narrowed } from '../../src/commands/request/find-titles.ts';
import type { FoundTitle } from '../../src/tools/titles/search-extras.ts';

/** A server that answers when it is told to, and keeps what it was asked. */
function slowServer() {
  const asked: string[] = [];
  const answers = new Map<string, { resolve: (found: string[]) => void; reject: (error: Error) => void }>();
  const ask = (term: string) => () => {
    asked.push(term);
    const { promise, resolve, reject } = Promise.withResolvers<string[]>();
    answers.set(term, { resolve, reject });
    return promise;
  };
  return {
    asked,
    ask,
    answer: (term: string) => answers.get(term)?.resolve([`found ${term}`]),
    fail: (term: string) => answers.get(term)?.reject(new Error('no')),
  };
}

const foundTitle = (title: string): FoundTitle => ({
  id: 1,
  title: {
    title,
    year: null,
    overview: null,
    posterUrl: null,
    runtimeMinutes: null,
    genres: [],
    rating: null,
    libraryId: null,
    status: { state: 'absent' },
  },
});

describe('look-ups while a person types', () => {
  it('ask once for a term, however many keys are pressed meanwhile and afterwards', async () => {
    const server = slowServer();
    const lookUps = new LookUps<string>();
    const find = () => lookUps.find({ userId: 'u', term: 'dune' }, server.ask('dune'));
    const before = [find(), find(), find()];
    server.answer('dune');
    expect(await Promise.all([...before, find()])).toEqual(Array(4).fill(['found dune']));
    expect(server.asked).toEqual(['dune']);
  });

  it('keep two people apart', async () => {
    const server = slowServer();
    const lookUps = new LookUps<string>();
    void lookUps.find({ userId: 'a', term: 'dune' }, server.ask('dune'));
    void lookUps.find({ userId: 'b', term: 'dune' }, server.ask('dune'));
    expect(server.asked).toEqual(['dune', 'dune']);
  });

  it('run only a few at once, and send only the newest of those that wait', async () => {
    const server = slowServer();
    const lookUps = new LookUps<string>({ inFlight: 2 });
    const [first, , third, fourth] = ['du', 'dun', 'dune', 'dune p'].map((term) =>
      lookUps.find({ userId: 'u', term }, server.ask(term)),
    );
    expect(server.asked).toEqual(['du', 'dun']);
    expect(await third).toBeNull();
    server.answer('du');
    await first;
    await expect.poll(() => server.asked).toEqual(['du', 'dun', 'dune p']);
    server.answer('dune p');
    expect(await fourth).toEqual(['found dune p']);
  });

  it('are sent at once when the command is sent, also one that waits', async () => {
    const server = slowServer();
    const lookUps = new LookUps<string>({ inFlight: 1 });
    void lookUps.find({ userId: 'u', term: 'du' }, server.ask('du'));
    void lookUps.find({ userId: 'u', term: 'dune' }, server.ask('dune'));
    const sent = lookUps.find({ userId: 'u', term: 'dune', now: true }, server.ask('dune'));
    expect(server.asked).toEqual(['du', 'dune']);
    server.answer('dune');
    expect(await sent).toEqual(['found dune']);
  });

  it('do not keep a failure', async () => {
    const server = slowServer();
    const lookUps = new LookUps<string>();
    const failing = lookUps.find({ userId: 'u', term: 'dune' }, server.ask('dune'));
    server.fail('dune');
    await expect(failing).rejects.toThrow('no');
    const again = lookUps.find({ userId: 'u', term: 'dune' }, server.ask('dune'));
    server.answer('dune');
    expect(await again).toEqual(['found dune']);
  });

  it('are forgotten when they are old, many, or the library has changed', async () => {
    const server = slowServer();
    const ask = async (lookUps: LookUps<string>, userId: string, term: string) => {
      const found = lookUps.find({ userId, term }, server.ask(term));
      server.answer(term);
      await found;
    };
    const old = new LookUps<string>({ maxAgeMs: 0 });
    await ask(old, 'u', 'a');
    await ask(old, 'u', 'a');
    const few = new LookUps<string>({ terms: 1, users: 1 });
    await ask(few, 'u', 'b');
    await ask(few, 'u', 'c');
    await ask(few, 'u', 'b');
    await ask(few, 'v', 'b');
    await ask(few, 'u', 'b');
    few.forget('u');
    await ask(few, 'u', 'b');
    expect(server.asked).toEqual(['a', 'a', 'b', 'c', 'b', 'b', 'b', 'b']);
  });

  describe('of a longer term', () => {
    /** What each look-up found begins with its own term: the server that is asked here is not the one that finds "Dune" for "du". */
    const narrow = (found: readonly string[]) => (found.includes('found du') ? ['narrowed'] : null);
    const typed = (server: ReturnType<typeof slowServer>, lookUps: LookUps<string>) => (term: string) =>
      lookUps.find({ userId: 'u', term, narrow }, server.ask(term));

    it('take their titles from the answer to a shorter term, whether it has come or is still on its way', async () => {
      const server = slowServer();
      const find = typed(server, new LookUps<string>());
      const [first, second, third] = [find('du'), find('dun'), find('dune')];
      server.answer('du');
      expect(await Promise.all([first, second, third])).toEqual([['found du'], null, ['narrowed']]);
      expect(await find('dune p')).toEqual(['narrowed']);
      expect(server.asked).toEqual(['du']);
    });

    it('are sent when the answer to a shorter term is not enough, and then only the newest', async () => {
      const server = slowServer();
      const find = typed(server, new LookUps<string>());
      const [, second, third] = [find('d'), find('du'), find('dune')];
      server.answer('d');
      await expect.poll(() => server.asked).toEqual(['d', 'dune']);
      server.answer('dune');
      expect(await Promise.all([second, third])).toEqual([null, ['found dune']]);
    });

    it('are sent when the person pauses, while the shorter term is still being looked up', async () => {
      const server = slowServer();
      const find = typed(server, new LookUps<string>({ pauseMs: 1 }));
      const [first, second] = [find('du'), find('dune')];
      await expect.poll(() => server.asked).toEqual(['du', 'dune']);
      server.answer('dune');
      server.answer('du');
      expect(await Promise.all([first, second])).toEqual([['found du'], ['found dune']]);
    });

    it('are sent when the look-up of the shorter term fails', async () => {
      const server = slowServer();
      const find = typed(server, new LookUps<string>());
      const [first, second] = [find('du'), find('dune')];
      server.fail('du');
      await expect(first).rejects.toThrow('no');
      await expect.poll(() => server.asked).toEqual(['du', 'dune']);
      server.answer('dune');
      expect(await second).toEqual(['found dune']);
    });

    it('are asked for by themselves when the command is sent, also one that waits', async () => {
      const server = slowServer();
      const lookUps = new LookUps<string>();
      const find = typed(server, lookUps);
      const send = (term: string) => lookUps.find({ userId: 'u', term, now: true, narrow }, server.ask(term));
      void find('du');
      const waiting = find('dune');
      const sent = [send('dune')];
      server.answer('du');
      sent.push(send('dunes'));
      for (const term of ['dune', 'dunes']) server.answer(term);
      expect(await Promise.all([waiting, ...sent])).toEqual([['found dune'], ['found dune'], ['found dunes']]);
      expect(server.asked).toEqual(['du', 'dune', 'dunes']);
    });
  });

  it.each([
    ['five are enough', { among: 20, matching: 5, givesAllBelow: 10 }, 5],
    ['fewer are not, where there may be others', { among: 20, matching: 4, givesAllBelow: 10 }, null],
    ['fewer are, where the server gave all it has', { among: 9, matching: 1, givesAllBelow: 10 }, 1],
    ['but not of a page that is sorted out afterwards', { among: 9, matching: 1, givesAllBelow: 0 }, null],
    ['none may be a title’s other name', { among: 3, matching: 0, givesAllBelow: 10 }, null],
  ])('of a longer term, among the titles of its beginning: %s', (_name, {
    among,
    matching,
    givesAllBelow,
  }, expected) => {
    const found = Array.from({ length: among }, (_, index) => foundTitle(index < matching ? 'Dune: Part Two' : 'Duel'));
    expect(narrowed(found, { kind: { givesAllBelow }, term: 'part dune' })?.length ?? null).toBe(expected);
  });

  it('take "Dune", " dune " and full-width letters for one term', () => {
    expect(new Set(['Dune', ' dune ', 'ＤＵＮＥ', 'dune\u3000'].map(normaliseTerm))).toEqual(new Set(['dune']));
  });
});
