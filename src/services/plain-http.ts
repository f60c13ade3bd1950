import type { Socket } from 'node:net';
import type { buildConnector } from 'undici';

/** Milliseconds until a TLS handshake counts as slow, and how long the answer in plain http is then waited for. */
const slowMs = 500;
const answerMs = 2000;
/** More than the status line and the headers that matter here. */
const mostBytes = 8192;

/** The port uses plain http, but a TLS handshake was begun. */
class PlainHttpError extends Error {
  readonly code = 'PLAIN_HTTP';
}

/**
 * A connector that recognises a port of plain http (code PLAIN_HTTP) when a TLS handshake fails there. Such servers close the
 * connection, or stay silent while they wait for a request (qBittorrent 4.5.2: 7.5 s). So after a slow or failed handshake one plain
 * http request is sent, which contains nothing of the person's.
 */
export function tellingPlainHttp(connect: buildConnector.connector): buildConnector.connector {
  return (options, callback) => {
    if (options.protocol !== 'https:') {
      connect(options, callback);
      return;
    }
    let isOver = false;
    const fail = (error: Error) => {
      if (!isOver) callback(error, null);
      isOver = true;
    };
    let asked: Promise<boolean> | null = null;
    const isPlain = () => {
      asked ??= speaksPlainHttp(connect, options);
      return asked;
    };
    const slow = setTimeout(async () => {
      if (await isPlain()) fail(new PlainHttpError());
    }, slowMs);
    connect(options, async (...[error, socket]) => {
      clearTimeout(slow);
      if (error !== null) return fail(brokeOff(error) && (await isPlain()) ? new PlainHttpError() : error);
      if (isOver) socket.destroy();
      else callback(null, socket);
      isOver = true;
    });
  };
}

/** Whether the handshake itself failed, rather than the connection or the certificate. */
function brokeOff(error: Error): boolean {
  return 'code' in error && /^(ECONNRESET|EPROTO|ERR_SSL_.*)$/.test(String(error.code));
}

/** Never rejects: a port that does not answer in plain http does not speak it. */
function speaksPlainHttp(connect: buildConnector.connector, options: buildConnector.Options): Promise<boolean> {
  return new Promise((resolve) => {
    const limit = setTimeout(() => resolve(false), answerMs);
    const end = (isPlain: boolean) => {
      clearTimeout(limit);
      resolve(isPlain);
    };
    connect({ ...options, protocol: 'http:' }, (...[error, socket]) => {
      if (error !== null) return end(false);
      readHead(socket, (head) => end(isPlainHttp(head)));
      socket.write(`GET / HTTP/1.1\r\nHost: ${options.host ?? options.hostname}\r\nConnection: close\r\n\r\n`);
    });
  });
}

/** Gives the head of the answer (everything before its body), once. */
function readHead(socket: Socket, give: (head: string) => void): void {
  let head = '';
  socket.setTimeout(answerMs, () => socket.destroy());
  socket.on('data', (chunk: Buffer) => {
    head += chunk.toString('latin1');
    if (head.includes('\r\n\r\n') || head.length > mostBytes) socket.destroy();
  });
  socket.on('error', () => socket.destroy());
  socket.on('close', () => give(head));
}

/** A TLS server answers plain http with 400 or a redirect to https; anything else is plain http. */
function isPlainHttp(head: string): boolean {
  const status = /^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1];
  return status !== undefined && status !== '400' && !/^location: *https:/im.test(head);
}
