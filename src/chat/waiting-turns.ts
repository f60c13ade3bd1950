type Turn<One> = { together: One[]; ended: Promise<void> };

/** When so many wait, further messages join the last of them. */
const mostWaiting = 2;

/**
 * The turns of each conversation, one after the other in the order in which they came. While one runs, two may wait; later messages
 * are answered together with the last of them, so that a flood costs three turns and no message is dropped.
 */
export class WaitingTurns<One extends { id: string }> {
  /** The turn that runs, or is about to, comes first. */
  readonly #turns = new Map<string, Turn<One>[]>();

  /**
   * Resolves when the turn of `one` has ended. If it failed, only the last of those that were done together rejects. `work` gets
   * everything that is done together, in order; nothing can join after that. What is in a turn already is not done twice.
   */
  async add(key: string, one: One, work: (together: readonly One[]) => Promise<void>): Promise<void> {
    const turns = this.#turns.get(key) ?? [];
    const turn =
      turns.find(({ together }) => together.some(({ id }) => id === one.id)) ??
      (turns.length > mostWaiting ? this.#join(turns, one) : this.#queue(key, turns, one, work));
    try {
      await turn.ended;
    } catch (error) {
      if (turn.together.at(-1)?.id === one.id) throw error;
    }
  }

  #join(turns: Turn<One>[], one: One): Turn<One> {
    const last = turns[turns.length - 1];
    if (last === undefined) throw new Error('there is no turn to join');
    last.together.push(one);
    return last;
  }

  #queue(key: string, turns: Turn<One>[], one: One, work: (together: readonly One[]) => Promise<void>): Turn<One> {
    const together = [one];
    const before = turns.at(-1)?.ended ?? Promise.resolve();
    const start = () => work(together);
    const turn = { together, ended: before.then(start, start) };
    turns.push(turn);
    this.#turns.set(key, turns);
    const forget = () => {
      turns.shift();
      if (turns.length === 0) this.#turns.delete(key);
    };
    turn.ended.then(forget, forget);
    return turn;
  }
}
