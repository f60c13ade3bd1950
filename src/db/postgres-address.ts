import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';

/** Which of several servers is wanted, as libpq's `target_session_attrs` says it. */
export type ServerRole = 'any' | 'read-write' | 'read-only' | 'primary' | 'standby' | 'prefer-standby';

/** Where a PostgreSQL server is: a name or address and a port, or the path of a Unix socket. */
export type PostgresHost = { host: string; port: number } | { path: string };

/** What an address `postgres://…` says. `null` for TLS: in the clear. Without user, password or database the driver's defaults hold. */
export type PostgresAddress = {
  hosts: PostgresHost[];
  user?: string;
  password?: string;
  database?: string;
  tls: ConnectionOptions | null;
  /** Whether statements are prepared by name, which a pooler in transaction mode may not allow. */
  prepare: boolean;
  role: ServerRole;
  /** Settings of the session, sent with the log-in. */
  parameters: Record<string, string>;
};

const roles: readonly ServerRole[] = ['any', 'read-write', 'read-only', 'primary', 'standby', 'prefer-standby'];
const isRole = (value: string): value is ServerRole => roles.some((role) => role === value);

/** Parameters of the address that are settings of the session. What a host adds beside them for other programs is left out. */
const sessionSettings = [
  'options',
  'statement_timeout',
  'lock_timeout',
  'idle_in_transaction_session_timeout',
  'idle_session_timeout',
];

/**
 * Reads an address `postgres://user:password@host:port,host:port/database?…`, and the files of certificates that it names.
 * Throws an Error that holds nothing of the address when it cannot be read, and Node's when a file cannot.
 */
export function readPostgresAddress(url: string): PostgresAddress {
  const { hosts: named, rest } = splitHosts(url);
  const from = rest.searchParams;
  const get = (name: string) => from.get(name) || undefined;
  const port = get('port');
  const hosts = (get('host') ?? named).split(',').map((host) => readHost(host, port));
  const user = get('user') ?? decodeURIComponent(rest.username);
  const password = get('password') ?? decodeURIComponent(rest.password);
  const database = decodeURIComponent(rest.pathname.slice(1));
  const role = get('target_session_attrs') ?? 'any';
  if (!isRole(role)) throw new Error('target_session_attrs is none of libpq’s');
  const settings = sessionSettings.flatMap((name) => {
    const value = get(name);
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    hosts,
    ...(user !== '' && { user }),
    ...(password !== '' && { password }),
    ...(database !== '' && { database }),
    tls: readTls(from),
    prepare: get('prepare') !== 'false',
    role,
    parameters: { application_name: get('application_name') ?? 'assistarr', ...Object.fromEntries(settings) },
  };
}

/** `URL` takes no list of hosts: they are cut out before. The last `@` ends the password, as everywhere. */
function splitHosts(url: string): { hosts: string; rest: URL } {
  const parts = /^(postgres(?:ql)?:\/\/)([^/?#]*@)?([^@/?#]*)(.*)$/s.exec(url);
  const [, scheme = '', login = '', hosts = '', rest = ''] = parts ?? [];
  const placed = URL.parse(`${scheme}${login}placeholder${rest}`);
  if (parts === null || placed === null)
    throw new Error('This is not an address of the form postgres://user@host/database');
  return { hosts: decodeURIComponent(hosts), rest: placed };
}

function readHost(text: string, fallbackPort: string | undefined): PostgresHost {
  const [, bracketed, plain, ownPort] = /^(?:\[([^\]]+)\]|([^:]*|\/.*))(?::(\d+))?$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  const port = Number(ownPort ?? fallbackPort ?? 5432);
  if (host === undefined || !Number.isInteger(port) || port < 1 || port > 65_535)
    throw new Error('A host of the address cannot be read');
  if (host.startsWith('/')) return { path: `${host}/.s.PGSQL.${port}` };
  return { host: host === '' ? 'localhost' : host, port };
}

/** `require`, `prefer` and `verify-ca` check the whole certificate, as node-postgres did; `no-verify` is the way around it. */
function readTls(from: URLSearchParams): ConnectionOptions | null {
  const mode = from.get('sslmode');
  const files = [
    ['cert', from.get('sslcert')],
    ['key', from.get('sslkey')],
    ['ca', from.get('sslrootcert')],
  ] as const;
  if (mode === 'disable') return null;
  const given = files.flatMap(([name, path]) => (path ? [[name, readFileSync(path, 'utf8')] as const] : []));
  const isAsked = mode !== null || given.length > 0 || ['true', '1'].includes(from.get('ssl') ?? '');
  if (!isAsked) return null;
  return { ...Object.fromEntries(given), rejectUnauthorized: mode !== 'no-verify' };
}
