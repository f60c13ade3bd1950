/** Runs the turns of one conversation in the order in which they came, those of different ones side by side. */
export class TurnQueue {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Runs `work` after what was put in before for the same chat, whether that failed or not. */
  run<Result>(chatId: string, work: () => Promise<Result>): Promise<Result> {
    const before = this.#last.get(chatId) ?? Promise.resolve();
    const result = before.then(work, work);
    this.#last.set(chatId, result);
    const forget = () => {
      if (this.#last.get(chatId) === result) this.#last.delete(chatId);
    };
    result.then(forget, forget);
    return result;
  }
}
