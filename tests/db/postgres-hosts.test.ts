import fc from 'fast-check';
import { expect, it } from 'vitest';
import { postgresHosts } from '../../src/db/postgres-hosts.ts';

const at = (host: string, port = 5432) => ({ host, port });

it.each([
  ['postgres://db/name', [at('db')]],
  ['postgresql://ada:secret@db:5433/name', [at('db', 5433)]],
  ['POSTGRES://ada:p%40ss@DB:5433', [at('DB', 5433)]],
  ['postgres://ada:p@ss:word@db:5433/name', [at('db', 5433)]],
  ['postgres://db/name?host=other', [at('db'), at('other')]],
  ['postgres://db:1,other:2,third/name', [at('db', 1), at('other', 2), at('third')]],
  ['postgres://[::1]:5433,[fd12::20]/name', [at('::1', 5433), at('fd12::20')]],
  ['postgres:///name', [at('localhost')]],
  ['postgres://:5433/name', [at('localhost', 5433)]],
  ['postgres:///name?host=/var/run/postgresql&port=5433', [at('localhost', 5433)]],
  ['postgres://%2Fvar%2Frun%2Fpostgresql/name', [at('localhost')]],
  ['postgres://ada@/name?host=a,b&port=1,2', [at('a', 1), at('a', 2), at('b', 1), at('b', 2)]],
  ['postgres://db:99999/name', [at('db')]],
])('%s names %j', (url, hosts) => {
  expect(postgresHosts(url)).toEqual(hosts);
});

it('finds the host and port that a URL has, whatever stands around them', () => {
  const part = fc.string({ maxLength: 8 }).map(encodeURIComponent);
  fc.assert(
    fc.property(
      fc.domain(),
      fc.integer({ min: 1, max: 65_535 }),
      part,
      part,
      part,
      (host, port, user, password, name) => {
        expect(
          postgresHosts(`postgres://${user}:${password}@${host}:${port}/${name}?application_name=${name}`),
        ).toEqual([at(host, port)]);
      },
    ),
  );
});

it('never throws', () => {
  fc.assert(fc.property(fc.string(), (text) => Array.isArray(postgresHosts(`postgres://${text}`))));
});
