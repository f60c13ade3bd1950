import type { PlaygroundDatabase } from '../database/start-database.ts';
import { type TimedCall, timedCalls } from '../exchanges.ts';
import type { PlaygroundServers } from '../servers/start-servers.ts';
import { coalesced } from './live.ts';
import type { ModelWatch } from './model-watch.ts';
import type { HttpCall, Told, ToolCallRow } from './protocol.ts';
import { faults, type ServerId, serverViews } from './server-views.ts';

const mostCalls = 200;
const clockMs = 2000;
const clockStep = 5;

/** What is behind the messages, kept for the second pane: servers and their faults, calls, the model, the ledger's rows. */
export class Behind {
  readonly #servers: PlaygroundServers;
  readonly #database: PlaygroundDatabase;
  readonly #model: ModelWatch;
  readonly #tell: (told: Told) => void;
  readonly #on = new Map<string, string>();
  readonly #before = new Map<string, string>();
  readonly #refresh: () => void;
  readonly #beat: NodeJS.Timeout;
  #calls: HttpCall[] = [];
  #rows: ToolCallRow[] = [];
  #isReading = false;
  #clock: NodeJS.Timeout | null = null;

  constructor(given: {
    servers: PlaygroundServers;
    database: PlaygroundDatabase;
    model: ModelWatch;
    tell: (told: Told) => void;
  }) {
    this.#servers = given.servers;
    this.#database = given.database;
    this.#model = given.model;
    this.#tell = given.tell;
    this.#refresh = coalesced(() => this.#tellChanges(), 100);
    timedCalls.subscribe(this.#called);
    // The rows change in the database, which tells nobody.
    this.#beat = setInterval(() => void this.#readRows(), 700);
  }

  /** What a page must know when it opens. */
  greeting(): Told[] {
    const { requests, faults: modelFaults, fault } = this.#model;
    return [
      {
        kind: 'servers',
        servers: serverViews(this.#servers, this.#on),
        isClockRunning: this.#clock !== null,
      },
      { kind: 'calls', calls: this.#calls },
      { kind: 'model', requests, faults: modelFaults, fault },
      { kind: 'rows', rows: this.#rows },
    ];
  }

  changed(): void {
    this.#refresh();
  }

  /** Switches a fault on, in place of another, or off. Throws when there is no such server or fault. */
  setFault(server: string, fault: string | null): void {
    if (server === 'model') {
      if (fault !== null && !this.#model.faults.some(({ id }) => id === fault))
        throw new Error('there is no such fault');
      this.#model.fault = fault;
      this.#refresh();
      return;
    }
    const id = serverId(server);
    const chosen = fault === null ? undefined : faults[fault];
    if (fault !== null && chosen === undefined) throw new Error('there is no such fault');
    this.#servers[id].faults.clear();
    this.#on.delete(id);
    if (chosen !== undefined && fault !== null) {
      this.#servers[id].faults.next(chosen.fault, { times: Number.POSITIVE_INFINITY });
      this.#on.set(id, fault);
    }
    this.#refresh();
  }

  /** Moves the servers' clock: downloads go on, what is whole is imported, what was searched for begins. */
  tick(percent: number): void {
    for (const server of [this.#servers.radarr, this.#servers.sonarr, this.#servers.qbittorrent]) server.tick(percent);
    this.#refresh();
  }

  /** Lets the clock run by itself, or stops it. */
  setClock(isRunning: boolean): void {
    if (this.#clock !== null) clearInterval(this.#clock);
    this.#clock = isRunning ? setInterval(() => this.tick(clockStep), clockMs) : null;
    this.#refresh();
  }

  stop(): void {
    timedCalls.unsubscribe(this.#called);
    clearInterval(this.#beat);
    if (this.#clock !== null) clearInterval(this.#clock);
  }

  readonly #called = (message: unknown): void => {
    if (!isCall(message)) return;
    this.#calls = [...this.#calls, { id: (this.#calls.at(-1)?.id ?? 0) + 1, ...message }].slice(-mostCalls);
    this.#refresh();
  };

  #tellChanges(): void {
    for (const told of this.greeting()) {
      const now = JSON.stringify(told);
      if (this.#before.get(told.kind) === now) continue;
      this.#before.set(told.kind, now);
      this.#tell(told);
    }
  }

  async #readRows(): Promise<void> {
    if (this.#isReading) return;
    this.#isReading = true;
    try {
      const rows = await this.#database.query<Row>(newestRows);
      this.#rows = rows.map(rowOf);
    } catch (error) {
      // Before its first start the bot has made no tables; anything else is worth knowing.
      if (!(error instanceof Error && /does not exist|closed/.test(error.message))) throw error;
    } finally {
      this.#isReading = false;
    }
    this.#refresh();
  }
}

type Row = Omit<ToolCallRow, 'input' | 'queuedAt' | 'finishedAt'> & {
  input: unknown;
  queuedAt: Date;
  finishedAt: Date | null;
};

const newestRows = `select id, "toolName", status, effect, input, error, "queuedAt", "finishedAt"
  from "ToolCall" order by "queuedAt" desc limit 50`;

function rowOf(row: Row): ToolCallRow {
  return {
    ...row,
    input: JSON.stringify(row.input),
    queuedAt: new Date(row.queuedAt).getTime(),
    finishedAt: row.finishedAt === null ? null : new Date(row.finishedAt).getTime(),
  };
}

function isCall(message: unknown): message is TimedCall {
  return typeof message === 'object' && message !== null && 'server' in message && 'ms' in message;
}

export function serverId(name: string): ServerId {
  const found = serverIds.find((id) => id === name);
  if (found === undefined) throw new Error('there is no such server');
  return found;
}

const serverIds: ServerId[] = ['radarr', 'sonarr', 'jellyfin', 'jellyseerr', 'qbittorrent'];
