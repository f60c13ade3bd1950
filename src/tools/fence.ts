import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { TakenOverError } from '../errors.ts';

/** The time for which a process counts as living: until another has taken it for dead. */
export type Life = {
  /** Aborted once another process has taken this one for dead. */
  over: AbortSignal;
  /** Whether no other can have done so yet, without asking. */
  isSure(): boolean;
  /** Asks the database whether it still counts as living. Throws when the database does not answer. */
  confirm(): Promise<boolean>;
};

/** What must be this process's while something is written: a turn, a running call. */
export type Claim = Pick<Life, 'isSure' | 'confirm'>;

/** How long a write that no other process can take over waits for a database that is away, in milliseconds. */
const patienceMs = 1000;

/** A life of which nobody else can know: on the embedded database no other process can be. */
export const onlyLife: Life = {
  over: new AbortController().signal,
  isSure: () => true,
  confirm: async () => true,
};

/**
 * Keeps a process that was away (paused, cut off from the database) from writing what another has taken over meanwhile. Work is run
 * within it, and everything that writes outside asks it just before; the claims follow the work through every call and timer.
 */
export class Fence {
  readonly #scopes = new AsyncLocalStorage<{ life: Life; claims: readonly Claim[] }>();
  readonly #life: () => Life;

  constructor(life: () => Life = () => onlyLife) {
    this.#life = life;
  }

  /** Runs what begins now: it may write as long as the life lasts in which it began. */
  run<Result>(work: () => Result): Result {
    return this.#scopes.run({ life: this.#life(), claims: [] }, work);
  }

  /** Runs what may write only as long as `claim` holds too. Its signal is aborted with any of `ends`, and at the end of the life. */
  holding<Result>(
    claim: Claim,
    work: (signal: AbortSignal) => Promise<Result>,
    ends: readonly AbortSignal[] = [],
  ): Promise<Result> {
    const { life, claims } = this.#scopes.getStore() ?? { life: this.#life(), claims: [] };
    const scope = { life, claims: [...claims, claim] };
    return this.#scopes.run(scope, work, AbortSignal.any([...ends, life.over]));
  }

  /**
   * To be awaited just before each write. Returns at once as long as nobody can have taken this over, else asks the database. Throws
   * TakenOverError when somebody has, and the database's error when it cannot say so of something that others may take over.
   */
  async beforeWrite(): Promise<void> {
    const scope = this.#scopes.getStore();
    if (scope === undefined) return;
    const { life, claims } = scope;
    if (life.over.aborted) throw new TakenOverError();
    if (!life.isSure()) {
      // What nobody else goes on with, such as telling that the database is away, does not depend on it.
      const answer = claims.length > 0 ? life.confirm() : orAfterPatience(life.confirm());
      if (!(await answer)) throw new TakenOverError();
    }
    for (const claim of claims) if (!claim.isSure() && !(await claim.confirm())) throw new TakenOverError();
  }
}

function orAfterPatience(answer: Promise<boolean>): Promise<boolean> {
  return Promise.race([answer.catch(() => true), pause(patienceMs, true, { ref: false })]);
}
