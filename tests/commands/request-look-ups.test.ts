import { describe, expect, it } from 'vitest';
import { LookUps, normaliseTerm } from '../../src/commands/look-ups.ts';

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

  it('have a few in flight at most, and send only the newest of those that wait', async () => {
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

  it('take "Dune", " dune " and full-width letters for one term', () => {
    expect(new Set(['Dune', ' dune ', 'ＤＵＮＥ', 'dune\u3000'].map(normaliseTerm))).toEqual(new Set(['dune']));
  });
});
