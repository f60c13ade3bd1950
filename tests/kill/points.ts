import { subscribe } from 'node:diagnostics_channel';
import { PGlite } from '@electric-sql/pglite';
import { PostgresLine } from '../../src/db/postgres-line.ts';

/*
 * Loaded into the bot's process by `--import`, before the bot: numbers every call to the database and over HTTP (Discord, media
 * servers, model), before it is sent and after its answer came, and kills the process at one of them when it is told to.
 */

/** One moment at which a process can die: just before or just after the `nth` call of a kind. */
export type Point = { when: 'before' | 'after'; call: string; nth: number };
/** From the test: what to do at the points from now on; they are counted anew. */
export type Order = { kill: Point | null };

const seen = new Map<string, number>();
let target: Point | null = null;
let isCounting = false;

process.on('message', (order: Order) => {
  seen.clear();
  target = order.kill;
  isCounting = true;
  process.send?.({ obeyed: true });
});
process.channel?.unref();
// Whoever gave the orders is gone.
process.once('disconnect', () => process.exit(1));

function reach(when: Point['when'], call: string): void {
  if (!isCounting) return;
  const key = `${when} ${call}`;
  const nth = (seen.get(key) ?? 0) + 1;
  seen.set(key, nth);
  if (target === null) process.send?.({ when, call, nth });
  else if (target.when === when && target.call === call && target.nth === nth) process.kill(process.pid, 'SIGKILL');
}

// HTTP: every undici, Node's own included, tells of its requests on the same channels.
type Told = { request: { method: string; origin: string; path: string } };
const nameOf = ({ request }: Told) =>
  `${request.method} ${new URL(request.path, 'http://any').pathname
    .replace(/\/[\w-]{40,}(?=\/|$)/g, '/:token')
    .replace(/\/\d{15,}/g, '/:id')}`;
subscribe('undici:request:create', (message) => reach('before', nameOf(told(message))));
subscribe('undici:request:trailers', (message) => reach('after', nameOf(told(message))));

function told(message: unknown): Told {
  if (isTold(message)) return message;
  throw new Error('undici tells of its requests in another way than this was written for');
}

function isTold(message: unknown): message is Told {
  return typeof message === 'object' && message !== null && 'request' in message;
}

/** A COMMIT is named by what it commits. */
let lastStatement = '';
function statement(sql: string): string {
  const text = sql.replace(/\s+/g, ' ').trim();
  if (/^(begin|commit|rollback)/i.test(text)) return `${text.split(' ')[0]?.toLowerCase()} (${lastStatement})`;
  lastStatement = text;
  return text;
}

// The embedded database: a statement is sent as Parse … Execute … Sync, and stands once Sync is over; or as a simple Query.
const frontend = { parse: 'P', execute: 'E', sync: 'S', query: 'Q' };
const { execProtocolStream } = PGlite.prototype;
let parsed = '';
let executed: string | null = null;
PGlite.prototype.execProtocolStream = async function (message, options) {
  const kind = String.fromCharCode(message[0] ?? 0);
  if (kind === frontend.parse) parsed = statement(textIn(message.subarray(6)));
  if (kind === frontend.query) executed = statement(textIn(message.subarray(5)));
  if (kind === frontend.execute) executed = parsed;
  if (executed !== null && kind !== frontend.sync) reach('before', executed);
  const answer = await execProtocolStream.call(this, message, options);
  if (executed !== null && (kind === frontend.sync || kind === frontend.query)) {
    const name = executed;
    executed = null;
    reach('after', name);
  }
  return answer;
};

function textIn(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
}

// PostgreSQL: every statement goes through a line.
const { run, runAll } = PostgresLine.prototype;
PostgresLine.prototype.run = function (text, values) {
  return reaching(text, () => run.call(this, text, values));
};
PostgresLine.prototype.runAll = function (text) {
  return reaching(text, () => runAll.call(this, text));
};

async function reaching<Result>(text: string, ask: () => Promise<Result>): Promise<Result> {
  const name = statement(text);
  reach('before', name);
  const result = await ask();
  reach('after', name);
  return result;
}
