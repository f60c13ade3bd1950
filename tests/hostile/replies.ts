import type { ServerResponse } from 'node:http';
import { brotliCompressSync, gzipSync } from 'node:zlib';

/** What a hostile media server, or what stands before it, may answer with. */
export type HostileReply = { name: string; write(response: ServerResponse): void };

const megabyte = 1024 * 1024;
const json = { 'content-type': 'application/json' };

/** Made once, so that making it does not keep the test's own thread when the reply is sent. */
function made(name: string, text: string | Buffer, headers: Record<string, string> = json, status = 200): HostileReply {
  const bytes = Buffer.from(text);
  return { name, write: (response) => void response.writeHead(status, headers).end(bytes) };
}

/** A beginning, a piece again and again up to so many bytes, and an end. Sent as fast as it is taken. */
function repeated(
  name: string,
  piece: string,
  bytes: number,
  { start = '[', end = '0]', headers = json, status = 200 } = {},
) {
  const block = Buffer.from(piece.repeat(Math.ceil(65_536 / piece.length)));
  return {
    name,
    write(response: ServerResponse) {
      response.writeHead(status, headers).write(start);
      let left = bytes;
      const more = () => {
        while (!response.destroyed && left > 0) {
          left -= block.length;
          if (!response.write(block)) return void response.once('drain', more);
        }
        if (!response.destroyed) response.end(end);
      };
      more();
    },
  };
}

/** Written again and again, as long as somebody listens. */
function dripping(name: string, piece: string, ms: number, start = '['): HostileReply {
  return {
    name,
    write(response) {
      response.writeHead(200, json).write(start);
      const beat = setInterval(() => response.write(piece), ms);
      response.once('close', () => clearInterval(beat));
    },
  };
}

/** Below HTTP: what is written to the socket as it is. */
function raw(name: string, ...pieces: string[]): HostileReply {
  return {
    name,
    write({ socket }) {
      for (const piece of pieces) socket?.write(piece);
      socket?.end();
    },
  };
}

/** Objects that pass for a title, a torrent, an item and a request, in a list that passes for a page of them too. */
const likely = `{"id":1,"tmdbId":1,"tvdbId":1,"hash":"${'a'.repeat(40)}","Id":"${'b'.repeat(32)}","title":"x","mediaType":"movie"},`;
const zeros = '0,'.repeat(1000);

export const hostileReplies: HostileReply[] = [
  made('a million open lists', '['.repeat(1_000_000)),
  made('two hundred thousand open objects', '{"a":'.repeat(200_000)),
  repeated('deep lists, again and again', `${'['.repeat(60)}0${']'.repeat(60)},`, 20 * megabyte),
  made('a number of five million digits', `[${'7'.repeat(5_000_000)}]`),
  made('numbers that are infinite', `[{"id":1e999,"tmdbId":1e999,"tvdbId":-1e999,"year":1e308}]`),
  repeated('20 MB of [0,0,…]', '0,', 20 * megabyte),
  repeated('20 MB of [null,null,…]', 'null,', 20 * megabyte, { end: 'null]' }),
  repeated('20 MB of [[],[],…]', '[],', 20 * megabyte),
  repeated('millions of empty objects', '{},', 20 * megabyte),
  repeated('millions of small objects', '{"a":1},', 20 * megabyte),
  repeated('titles without an end', likely, 64 * megabyte, { end: `${likely.slice(0, -1)}]` }),
  repeated('pages without an end', likely, 64 * megabyte, {
    start: '{"version":"1","totalRecords":9,"pageInfo":{},"results":[',
    end: `${likely.slice(0, -1)}]}`,
  }),
  made(
    'a title of five million letters',
    JSON.stringify([{ id: 1, tmdbId: 1, tvdbId: 1, title: 'é'.repeat(5_000_000) }]),
  ),
  made('a title of five million escapes', `[{"id":1,"tmdbId":1,"tvdbId":1,"title":"${'\\u0000'.repeat(1_000_000)}"}]`),
  made('a key of five million letters', `{"${'k'.repeat(5_000_000)}":1}`),
  made('a million keys', `{${Array.from({ length: 400_000 }, (_, index) => `"k${index}":${index}`).join(',')}}`),
  repeated('one key a million times', '"title":"x",', 20 * megabyte, {
    start: '[{',
    end: '"id":1,"tmdbId":1,"tvdbId":1}]',
  }),
  made(
    'keys named __proto__',
    `[${'{"__proto__":{"isAdmin":true},"constructor":{"prototype":{"isAdmin":true}},"id":1},'.repeat(10_000)}{}]`,
  ),
  made(
    'pictures without an end in one title',
    `[{"id":1,"tmdbId":1,"tvdbId":1,"images":[${zeros.repeat(1000)}0],"genres":[${zeros.repeat(500)}0]}]`,
  ),
  repeated('20 MB of spaces', ' ', 20 * megabyte, { start: ' ', end: '[]' }),
  repeated('a web page of 20 MB', '<p>Sign in</p><title>', 20 * megabyte, { headers: { 'content-type': 'text/html' } }),
  repeated('20 MB of another type', '0,', 20 * megabyte, { headers: { 'content-type': 'application/octet-stream' } }),
  made('60 MB in a few bytes, gzip', gzipSync(Buffer.alloc(60 * megabyte, '0,')), {
    ...json,
    'content-encoding': 'gzip',
  }),
  made('60 MB in a few bytes, br', brotliCompressSync(Buffer.alloc(8 * megabyte, '0,')), {
    ...json,
    'content-encoding': 'br',
  }),
  made(
    'letters that are no UTF-8',
    Buffer.from('[{"id":1,"tmdbId":1,"tvdbId":1,"title":"\xff\xfe\xc0\x80\xed\xa0\x80"}]', 'latin1'),
  ),
  made('a title that is cut', '[{"id": 1, "tmdbId": 1, "title": "Du'),
  dripping('a slow drip', '0,', 20),
  dripping('an endless list', zeros.repeat(16), 5),
  {
    name: 'a length that is never reached',
    write: (response) => void response.writeHead(200, { ...json, 'content-length': '900' }).write('['),
  },
  made('a length of a terabyte', '[]', { ...json, 'content-length': String(2 ** 40) }),
  raw(
    'a length that is too short',
    'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n[0,0,0,0]HTTP/1.1 200 OK\r\n\r\n',
  ),
  raw('headers of a megabyte', 'HTTP/1.1 200 OK\r\n', `x-long: ${'h'.repeat(megabyte)}\r\n\r\n[]`),
  raw('fifty thousand headers', 'HTTP/1.1 200 OK\r\n', 'x-many: h\r\n'.repeat(50_000), '\r\n[]'),
  raw(
    'chunks that say they are endless',
    `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n${'f'.repeat(15)}\r\n[`,
  ),
  repeated('a refusal of 20 MB', '{"errorMessage":0},', 20 * megabyte, { status: 400 }),
  made('a refusal with thousands of reasons', `[${'0,'.repeat(30_000)}0]`, json, 400),
];
