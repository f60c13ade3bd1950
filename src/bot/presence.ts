import { sql } from 'drizzle-orm';
import type { Logger } from 'pino';
import type { OpenDatabase } from '../db/connection.ts';
import {
  beatProcess,
  endAllClaims,
  getOtherProcesses,
  registerProcess,
  removeProcess,
  setProcessLock,
  takeDeadProcesses,
} from '../db/queries/processes.ts';
import type { Process } from '../db/schema.ts';
import { SessionLock } from '../db/session-lock.ts';
import { TakenOverError } from '../errors.ts';
import { startClock } from '../tools/elapsed.ts';
import { type Life, onlyLife } from '../tools/fence.ts';

/** Milliseconds between two heartbeats. */
const beatMs = 1000;
/** A process that has missed two heartbeats and has lost its lock is dead. */
const silentMs = 2 * beatMs;
/** So long after a heartbeat no other process can have declared this one dead; half a beat is reserved for a write on its way. */
const sureMs = 1.5 * beatMs;

const leaseDecides = 'after a process dies, its work is resumed only once its lease has expired';

/** What dead processes left: everything from before a moment (of the database's clock), or only what is known to be theirs. */
export type Left = { before: Date } | { of: readonly string[] };

/** How this process shows the others that it is alive, and finds out which of them are dead. */
export type Presence = {
  /** The life that this process is in now. */
  life(): Life;
  /** From now on `take` receives what dead processes left, including what was found before. */
  watch(take: (left: Left) => void): void;
  /** Announces that this process ends, so that others may take what it still held. */
  stop(): Promise<void>;
};

/** `leaseMs`: a process without a heartbeat for this long is dead, even if it holds its lock. */
type Options = { processId: string; leaseMs: number; log: Logger };

/** Throws when the database does not answer. */
export async function openPresence(database: OpenDatabase, options: Options): Promise<Presence> {
  if (database.openLine === null) return presenceAlone(database);
  // A late heartbeat must not count as a missing one.
  const leaseMs = Math.max(options.leaseMs, silentMs + beatMs);
  const presence = new SharedPresence(database, new SessionLock(database.openLine), { ...options, leaseMs });
  await presence.start();
  return presence;
}

/** The data folder's lock proves that no other process is alive, even while this one is paused. */
async function presenceAlone({ db }: OpenDatabase): Promise<Presence> {
  const before = new Date();
  await endAllClaims(db);
  return { life: () => onlyLife, watch: (take) => take({ before }), stop: () => Promise.resolve() };
}

class SharedPresence implements Presence {
  readonly #db: OpenDatabase['db'];
  readonly #lock: SessionLock;
  readonly #options: Options;
  #me: Process | null = null;
  #life: CountedLife;
  #isShared = false;
  #hadFault = false;
  #started: Date | null = null;
  #found: Left[] = [];
  #take: ((left: Left) => void) | null = null;
  #timer: NodeJS.Timeout | undefined;
  #ticking: Promise<void> = Promise.resolve();
  #isStopped = false;

  constructor({ db }: OpenDatabase, lock: SessionLock, options: Options) {
    this.#db = db;
    this.#lock = lock;
    this.#options = options;
    this.#life = new CountedLife(() => this.#beat());
  }

  async start(): Promise<void> {
    await this.#begin();
    this.#started = this.#me?.createdAt ?? null;
    await this.#tryLock();
    await this.#round();
  }

  life(): Life {
    return this.#life;
  }

  watch(take: (left: Left) => void): void {
    this.#take = take;
    for (const left of this.#found.splice(0)) take(left);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#ticking;
    try {
      if (this.#me !== null) await removeProcess(this.#db, this.#me);
    } catch (error) {
      this.#options.log.info({ err: error }, 'could not tell the other processes that this one is stopping');
    }
    await this.#lock.end();
  }

  /** Begins a new life of this process, with a new number. */
  async #begin(): Promise<void> {
    const sinceAsked = startClock();
    this.#me = await registerProcess(this.#db, { id: this.#options.processId });
    this.#life = new CountedLife(() => this.#beat());
    this.#life.wasConfirmed(sinceAsked);
  }

  /** Sends a heartbeat. False when another process has declared this one dead: that life is over. */
  async #beat(): Promise<boolean> {
    const life = this.#life;
    const sinceAsked = startClock();
    const lives = this.#me !== null && (await beatProcess(this.#db, this.#me));
    if (lives) life.wasConfirmed(sinceAsked);
    else life.end();
    return lives;
  }

  /** Sends a heartbeat, keeps the lock, checks the others; then plans the next round for when the next of them may be dead. */
  async #round(): Promise<void> {
    let nextMs = beatMs;
    try {
      if (!(await this.#beat())) {
        this.#options.log.warn('another process took this one for dead and has taken over its work');
        await this.#begin();
      }
      await this.#keepLock();
      nextMs = Math.min(beatMs, await this.#look());
      this.#hadFault = false;
    } catch (error) {
      if (!this.#hadFault)
        this.#options.log.warn({ err: error }, 'could not tell the other processes that this one is alive');
      this.#hadFault = true;
    }
    if (this.#isStopped) return;
    this.#timer = setTimeout(() => {
      this.#ticking = this.#round();
    }, nextMs);
  }

  /** At the start: using other connections shows whether the lock's connection is a session of its own, or a pooler shares it. */
  async #tryLock(): Promise<void> {
    try {
      await this.#keepLock();
      for (let attempt = 0; attempt < 3 && !this.#isShared; attempt++)
        await this.#db.transaction(async (transaction) => {
          await transaction.execute(sql`select 1`);
          await this.#keepLock();
        });
    } catch (error) {
      this.#options.log.warn({ err: error }, `there is no connection for a session lock: ${leaseDecides}`);
    }
  }

  async #keepLock(): Promise<void> {
    const me = this.#me;
    if (me === null || this.#isShared) return;
    const state = await this.#lock.hold(me.number);
    const hasLock = state === 'held';
    if (state === 'shared') {
      this.#isShared = true;
      const { log, leaseMs } = this.#options;
      log.warn(
        { leaseMs },
        `POSTGRES_URL leads to a pooler in transaction mode, which keeps no session lock: ${leaseDecides}`,
      );
      await this.#lock.end();
    }
    if (me.hasLock === hasLock || state === 'busy') return;
    await setProcessLock(this.#db, { ...me, hasLock });
    this.#me = { ...me, hasLock };
  }

  /** Takes what dead processes left. Gives the milliseconds until another process may be considered dead. */
  async #look(): Promise<number> {
    const { processId: id, leaseMs } = this.#options;
    let others = await getOtherProcesses(this.#db, { id });
    if (others.some((other) => other.silentMs > (other.hasLost ? silentMs : leaseMs))) {
      const of = await takeDeadProcesses(this.#db, { id, silentMs, leaseMs });
      if (of.length > 0) this.#give({ of });
      others = others.filter((other) => !of.includes(other.id));
    }
    if (others.length === 0 && this.#started !== null) {
      this.#give({ before: this.#started });
      this.#started = null;
    }
    const lost = others.filter(({ hasLost }) => hasLost).map((other) => Math.max(0, silentMs - other.silentMs) + 20);
    return Math.min(...lost, Infinity);
  }

  #give(left: Left): void {
    if ('of' in left) this.#options.log.info({ processes: left.of }, 'a process died; its work is being resumed');
    if (this.#take === null) this.#found.push(left);
    else this.#take(left);
  }
}

/** A life that ends when the database no longer lists this process as alive. */
class CountedLife implements Life {
  readonly #over = new AbortController();
  readonly #ask: () => Promise<boolean>;
  #sinceConfirmed: (() => number) | null = null;
  #asked: Promise<boolean> | null = null;

  constructor(ask: () => Promise<boolean>) {
    this.#ask = ask;
  }

  get over(): AbortSignal {
    return this.#over.signal;
  }

  isSure(): boolean {
    return this.#sinceConfirmed !== null && this.#sinceConfirmed() < sureMs;
  }

  /** When many writes ask at the same time, the database is asked once. */
  confirm(): Promise<boolean> {
    if (this.#over.signal.aborted) return Promise.resolve(false);
    this.#asked ??= this.#ask().finally(() => {
      this.#asked = null;
    });
    return this.#asked;
  }

  wasConfirmed(since: () => number): void {
    this.#sinceConfirmed = since;
  }

  end(): void {
    this.#over.abort(new TakenOverError());
  }
}
