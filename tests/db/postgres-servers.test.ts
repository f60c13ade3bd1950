import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { chmod, chown, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { connectPostgres } from '../../src/db/connect-postgres.ts';
import { openLine, type PostgresLine } from '../../src/db/postgres-line.ts';

/** A server of its own, because log-in, certificates and read-only are set on it. */
const program = fileURLToPath(new URL('../../.ci/postgres.sh', import.meta.url));
const limits = { connectMs: 20_000 };
const isThere = (name: string) => {
  try {
    return execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }) !== '';
  } catch {
    return false;
  }
};

for (const name of ['openssl', 'pgbouncer'])
  if (!isThere(name)) console.log(`What needs ${name} is left out: the program is not there (.ci/run installs it).`);

let url: string;
let admin: PostgresLine;
let folder: string;

beforeAll(async () => {
  url = (await promisify(execFile)(program, ['start'])).stdout.trim();
  admin = await openLine(url, limits);
  folder = await mkdtemp(join(tmpdir(), 'assistarr-servers-'));
});
afterAll(async () => {
  await admin.end();
  await promisify(execFile)(program, ['stop', url]);
  await rm(folder, { recursive: true, force: true });
});

const at = (
  changes: Partial<Record<'username' | 'password' | 'hostname' | 'port' | 'pathname', string>>,
  search = '',
) => Object.assign(new URL(`${url}${search}`), changes).href;
const failure = (address: string) =>
  openLine(address, limits).then(
    () => expect.unreachable('it connected'),
    (error: unknown) => error,
  );
/** As the server's own user: what it needs to be told in files. */
const onServer = (command: string) => admin.query(`copy (select 1) to program '${command.replaceAll("'", "''")}'`);

describe('a user with a password', () => {
  it.each(['scram-sha-256', 'md5', 'password'])('logs in by %s, and not with another one', async (method) => {
    const name = `by_${method.replaceAll('-', '_')}`;
    const password = 'p@ss:w/o?r#d % ü';
    await admin.query(`set password_encryption = '${method === 'md5' ? 'md5' : 'scram-sha-256'}'`);
    await admin.query(`create role ${name} login password '${password}'`);
    await onServer(
      `f=$(pwd)/pg_hba.conf; (echo "host all ${name} 127.0.0.1/32 ${method}"; cat "$f") > "$f.new" && mv "$f.new" "$f"`,
    );
    await admin.query('select pg_reload_conf()');
    const login = (with_: string) => at({ username: name, password: encodeURIComponent(with_) });
    await expect
      .poll(
        () =>
          openLine(login('wrong'), limits).then(
            (line) => line.end(),
            (error: unknown) => error,
          ),
        { timeout: 20_000 },
      )
      .toMatchObject({ code: '28P01' });
    const line = await openLine(login(password), limits);
    expect(await line.query('select current_user::text as name')).toEqual([{ name }]);
    await line.end();
  });
});

describe.skipIf(!isThere('openssl'))('a server with a certificate of its own', () => {
  let root: string;
  beforeAll(async () => {
    root = join(folder, 'root.crt');
    const made = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost'];
    const names = ['-addext', 'subjectAltName=DNS:localhost'];
    await promisify(execFile)('openssl', [...made, ...names, '-keyout', join(folder, 'key'), '-out', root]);
    for (const [name, from] of [
      ['server.key', 'key'],
      ['server.crt', 'root.crt'],
    ] as const)
      await onServer(
        `umask 077; echo ${(await readFile(join(folder, from))).toString('base64')} | base64 -d > ${name}`,
      );
    await admin.query('alter system set ssl = on');
    await admin.query('select pg_reload_conf()');
    await reached(`${url}&sslmode=no-verify`);
  });

  it.each([
    ['its authority is named', 'localhost', () => `&sslmode=verify-full&sslrootcert=${root}`],
    ['it need not be checked', '127.0.0.1', () => '&sslmode=no-verify'],
  ])('is reached through TLS when %s', async (_when, hostname, search) => {
    const line = await openLine(at({ hostname }, search()), limits);
    expect(await line.query('select ssl from pg_stat_ssl where pid = pg_backend_pid()')).toEqual([{ ssl: true }]);
    await line.end();
  });

  it.each([
    ['nobody vouches for it', 'localhost', () => '&sslmode=require', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['it is another’s', '127.0.0.1', () => `&sslmode=require&sslrootcert=${root}`, 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ])('is not trusted when %s', async (_when, hostname, search, code) => {
    expect(await failure(at({ hostname }, search()))).toMatchObject({ code });
  });

  it('is spoken to in the clear where nothing asks for TLS', async () => {
    const line = await openLine(url, limits);
    expect(await line.query('select ssl from pg_stat_ssl where pid = pg_backend_pid()')).toEqual([{ ssl: false }]);
    await line.end();
  });
});

describe('an address with several hosts', () => {
  const several = (search: string) => url.replace('127.0.0.1:', '127.0.0.1:1,localhost:').concat(search);

  it.each([
    '',
    '&target_session_attrs=read-write',
    '&target_session_attrs=primary',
    '&target_session_attrs=prefer-standby',
  ])('leads to the one that is there, with “%s”', async (search) => {
    const line = await openLine(several(search), limits);
    expect(await line.query('select 1 as one')).toEqual([{ one: 1 }]);
    await line.end();
  });

  it('leads nowhere when none is what it asks for', async () => {
    expect(await failure(several('&target_session_attrs=standby'))).toMatchObject({ code: 'NO_SUCH_SERVER' });
  });
});

/** PgBouncer hands a connection to whoever begins a transaction, and takes it away at its end. */
describe.skipIf(!isThere('pgbouncer'))('a pooler in transaction mode', () => {
  let pooler: ChildProcess;
  let pooled: string;
  beforeAll(async () => {
    const port = await freePort();
    const { port: serverPort } = new URL(url);
    const config = join(folder, 'pgbouncer.ini');
    await writeFile(
      config,
      `[databases]\n* = host=127.0.0.1 port=${serverPort} user=assistarr\n[pgbouncer]\nlisten_addr = 127.0.0.1\n` +
        `listen_port = ${port}\nauth_type = any\npool_mode = transaction\ndefault_pool_size = 3\nunix_socket_dir =\n`,
    );
    await chmod(folder, 0o755);
    const isRoot = process.getuid?.() === 0;
    if (isRoot) await chown(config, Number(execFileSync('id', ['-u', 'postgres'])), 0);
    pooler = spawn('pgbouncer', [...(isRoot ? ['-u', 'postgres'] : []), config], { stdio: 'ignore' });
    pooled = at({ port: String(port) }, '&prepare=false');
    await reached(pooled);
  });
  afterAll(() => {
    pooler.kill();
  });

  it('is what the bot needs when it prepares nothing: migrations, transactions, statements, background work', async () => {
    const connections = await Promise.all([connectPostgres(pooled), connectPostgres(pooled)]);
    // Twice: what a lock left behind in the pooler would hold up.
    for (let round = 0; round < 2; round++) await Promise.all(connections.map((connection) => connection.migrate()));
    const rows = z.array(z.object({ n: z.number(), pid: z.number() }));
    await Promise.all(
      Array.from({ length: 120 }, async (_, number) => {
        const connection = connections[number % 2];
        if (connection === undefined) throw new Error('There are two');
        const ask = sql`select ${number}::int as n, pg_backend_pid() as pid`;
        expect(rows.parse(await connection.db.execute(ask))).toMatchObject([{ n: number }]);
        const pids = await connection.db.transaction(async (own) => {
          const answers = [];
          for (let step = 0; step < 3; step++) answers.push(...rows.parse(await own.execute(ask)));
          return new Set(answers.map(({ pid }) => pid));
        });
        expect(pids.size).toBe(1);
        const { rows: last } = await connection.background.executeSql(`begin; select 1; select ${number} as n; commit`);
        expect(last.at(-1)).toEqual({ n: number });
      }),
    );
    await Promise.all(connections.map((connection) => connection.close()));
  });
});

/** Waits until a server that has just been started, or told of new settings, lets one in. */
async function reached(address: string): Promise<void> {
  const until = Date.now() + 20_000;
  for (;;) {
    try {
      const line = await openLine(address, limits);
      await line.end();
      return;
    } catch (error) {
      if (Date.now() > until) throw error;
      await sleep(100);
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port is free');
  return address.port;
}
