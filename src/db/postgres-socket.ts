import { once } from 'node:events';
import { isIP, Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import type { PostgresHost } from './postgres-address.ts';

/** The message by which a client asks for TLS; the server answers with one letter. */
const tlsRequest = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);

/**
 * A socket to a PostgreSQL server, through TLS where `tls` is given. `onSocket` gets each socket as soon as there is one: the last
 * may be destroyed at any time. `onEnd` is called when one is destroyed, before anyone who listens to its events; it must destroy
 * none. Rejects when the server cannot be reached.
 */
export async function connectSocket(
  at: PostgresHost,
  tls: ConnectionOptions | null,
  { onSocket, onEnd }: { onSocket(socket: Socket): void; onEnd(cause: Error | null): void },
): Promise<Socket> {
  const plain = watched(new Socket(), onEnd);
  onSocket(plain);
  plain.connect(at);
  await once(plain, 'connect');
  if (tls === null || 'path' in at) return plain;
  plain.write(tlsRequest);
  const [answer]: Buffer[] = await once(plain, 'data');
  // Bytes behind the letter would be taken for the server's although nobody has vouched for it.
  if (answer?.toString('latin1') !== 'S') {
    const refusal = Object.assign(new Error('PostgreSQL does not offer TLS'), { code: 'TLS_NOT_OFFERED' });
    plain.destroy(refusal);
    throw refusal;
  }
  const name = isIP(at.host) === 0 ? { servername: at.host } : {};
  const secure = watched(connectTls({ socket: plain, host: at.host, ...name, ...tls }), onEnd);
  onSocket(secure);
  await once(secure, 'secureConnect');
  return secure;
}

function watched<Watched extends Socket>(socket: Watched, onEnd: (cause: Error | null) => void): Watched {
  const destroy = socket._destroy.bind(socket);
  socket._destroy = (cause, done) => {
    onEnd(cause);
    destroy(cause, done);
  };
  // What goes wrong is told by `onEnd`; an event that nobody listens to would end the process.
  socket.on('error', () => undefined);
  socket.setNoDelay(true);
  return socket;
}
