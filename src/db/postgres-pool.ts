import pg from 'pg';
import type { Db } from 'pg-boss';

type Given = (
  error: Error | undefined,
  client: pg.PoolClient | undefined,
  done: (release?: boolean | Error) => void,
) => void;

/** Connections to PostgreSQL of which each that breaks makes room for a new one, and ends no process. */
export class PostgresPool extends pg.Pool {
  constructor(config: pg.PoolConfig) {
    super(config);
    // Nobody waits for a connection that breaks unused: the next query gets another.
    this.on('error', () => undefined);
  }

  override connect(): Promise<pg.PoolClient>;
  override connect(given: Given): void;
  override connect(given?: Given): Promise<pg.PoolClient> | undefined {
    if (given === undefined) return super.connect().then(givingBackWhatBreaks);
    super.connect(given);
    return undefined;
  }

  /** For the queue of background work, which writes its own SQL. */
  forBackground(): Db {
    return {
      executeSql: async (text: string, values: unknown[] = []) => {
        if (values.length > 0) return this.query(text, values);
        // Several statements may be in it, each of which gives rows. A connection on which it fails is not used again, so nothing
        // finds itself in the transaction that is left.
        const results: pg.QueryResult | pg.QueryResult[] = await this.query(text);
        return { rows: [results].flat().flatMap(({ rows }) => rows) };
      },
    };
  }
}

/**
 * Who took a connection for a transaction gives it back at the end. Drizzle does not when it broke before its first statement, and an
 * error that nobody listens to would end the process: so one that breaks gives itself back, once.
 */
function givingBackWhatBreaks(client: pg.PoolClient): pg.PoolClient {
  const release = client.release.bind(client);
  let isOut = true;
  const giveBack = (failure?: boolean | Error) => {
    if (!isOut) return;
    isOut = false;
    client.off('error', giveBack);
    release(failure);
  };
  client.on('error', giveBack);
  client.release = giveBack;
  return client;
}
