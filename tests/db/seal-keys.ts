import { type Database, openDatabase } from '../../src/db/connection.ts';
import { sealKeysAnew } from '../../src/db/seal-keys-anew.ts';
import { testKeyring } from './sealed.ts';

/*
 * Seals keys anew in a process of its own: `node seal-keys.ts <url or ''> <data folder or ''> <n>`. It is killed just before it would
 * begin the nth thing that it asks of its transaction, the commit and what comes after it counted too; 0: never.
 */
const [url = '', dataDir = '', killAt = '0'] = process.argv.slice(2);
let count = 0;
function reach(): void {
  if (++count === Number(killAt)) process.kill(process.pid, 'SIGKILL');
}

const statements = new Set(['insert', 'select', 'update', 'delete', 'execute']);

/** The same database, of which every statement begins with `reach`. */
function watched(db: Database): Database {
  return new Proxy(db, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      if (name === 'transaction')
        return (work: (transaction: Database) => Promise<unknown>) =>
          target.transaction(async (transaction) => {
            const result = await work(watched(transaction));
            reach();
            return result;
          });
      return (...given: unknown[]) => {
        if (statements.has(String(name))) reach();
        return Reflect.apply(value, target, given);
      };
    },
  });
}

const database = await openDatabase(url === '' ? { dataDir } : { postgresUrl: url, dataDir: '' });
const done = await sealKeysAnew(watched(database.db), testKeyring);
if (done !== null) reach();
await database.close();
