import type { Socket } from 'node:net';
import { Agent, buildConnector, type Dispatcher } from 'undici';
import { assertLiteralAllowed, guardedLookup, type IsOwnAddress } from './address-guard.ts';
import { ownAddressesOf } from './own-addresses.ts';
import { tellingPlainHttp } from './plain-http.ts';
import type { HttpSettings } from './service.ts';

/** One pool for each policy and time limit: the guard is part of how its connections are made. */
const agents = new Map<string, Agent>();

/**
 * The pool for these settings. Idle sockets close after 4 s and do not keep the process alive. HTTP/2 is off: one way of
 * speaking is enough for a home server, and its sockets are shared by calls that must not fail together.
 */
function agentFor({ addressPolicy, timeoutMs, ownListeners = [] }: HttpSettings): Agent {
  const key = JSON.stringify([addressPolicy, timeoutMs, ownListeners]);
  const there = agents.get(key);
  if (there !== undefined) return there;
  const agent = new Agent({
    allowH2: false,
    keepAliveTimeout: 4000,
    keepAliveMaxTimeout: 4000,
    connections: 32,
    connect: guardedConnector({ addressPolicy, timeoutMs, ownListeners }),
  });
  agents.set(key, agent);
  return agent;
}

/** Makes connections to allowed addresses only. If the bot or its database listens at that port, the address is checked again. */
function guardedConnector({
  addressPolicy,
  timeoutMs,
  ownListeners,
}: Required<Pick<HttpSettings, 'addressPolicy' | 'timeoutMs' | 'ownListeners'>>): buildConnector.connector {
  const connectorWith = (isOwn?: IsOwnAddress) =>
    tellingPlainHttp(
      buildConnector({ lookup: guardedLookup(addressPolicy, isOwn), timeout: timeoutMs, allowH2: false }),
    );
  const usual = connectorWith();
  const allowed = async (hostname: string, port: number) => {
    const listeners = ownListeners.filter((listener) => listener.port === port);
    const isOwn = listeners.length === 0 ? undefined : await ownAddressesOf(listeners);
    assertLiteralAllowed(hostname, addressPolicy, isOwn);
    return isOwn === undefined ? usual : connectorWith(isOwn);
  };
  return (options, callback) => {
    const port = Number(options.port) || (options.protocol === 'https:' ? 443 : 80);
    allowed(options.hostname, port)
      .then((connect) =>
        connect(options, (...made) => {
          // With an error undici gives it alone.
          if (made[1]) readInSmallPieces(made[1]);
          callback(...made);
        }),
      )
      .catch((error: unknown) => callback(error instanceof Error ? error : new Error('refused'), null));
  };
}

const pieceBytes = 8 * 1024;
/** The first bytes after a request may be headers: undici counts 16 KB of their names and values, which the shortest make 64 KB. */
const mayBeHeadersBytes = 64 * 1024;
const headerPieceBytes = 1024;

/**
 * undici (8.12, lib/dispatcher/client-h1.js) creates an error for every header over its limit until the current piece is parsed: 50,000
 * short headers in pieces of 64 KB hold the thread for 150 ms. What may be headers is given to it in pieces of 1 KB, a body,
 * whose trailers are headers again, in larger ones.
 */
function readInSmallPieces(socket: Socket): void {
  const read = socket.read.bind(socket);
  let requestedBytes = 0;
  let bytesSinceRequest = 0;
  socket.read = (size?: number) => {
    if (socket.destroyed) return null;
    if (socket.bytesWritten !== requestedBytes) {
      requestedBytes = socket.bytesWritten;
      bytesSinceRequest = 0;
    }
    const most = bytesSinceRequest < mayBeHeadersBytes ? headerPieceBytes : pieceBytes;
    const piece: Buffer | null = read(size ?? (socket.readableLength > most ? most : undefined));
    bytesSinceRequest += piece?.length ?? 0;
    return piece;
  };
}

/** A dispatcher for one request. `onStart` is called when a connection is there and the request is about to leave. */
export function connectionFor(settings: HttpSettings, onStart: () => void): Dispatcher {
  return agentFor(settings).compose((dispatch) => (options, handler) => dispatch(options, watched(handler, onStart)));
}

function watched(handler: Dispatcher.DispatchHandler, onStart: () => void): Dispatcher.DispatchHandler {
  return {
    onRequestStart: (controller, context) => {
      onStart();
      handler.onRequestStart?.(controller, context);
    },
    onRequestUpgrade: (...event) => handler.onRequestUpgrade?.(...event),
    onResponseStart: (...event) => handler.onResponseStart?.(...event),
    onResponseData: (...event) => handler.onResponseData?.(...event),
    onResponseEnd: (...event) => handler.onResponseEnd?.(...event),
    onResponseError: (...event) => handler.onResponseError?.(...event),
  };
}
