import { Agent, buildConnector, type Dispatcher } from 'undici';
import { assertLiteralAllowed, guardedLookup } from './address-guard.ts';
import type { HttpSettings } from './service.ts';

/** One pool for each policy and time limit: the guard is part of how its connections are made. */
const agents = new Map<string, Agent>();

/**
 * The pool for these settings. Idle sockets close after 4 s and do not keep the process alive. HTTP/2 is off: one way of
 * speaking is enough for a home server, and its sockets are shared by calls that must not fail together.
 */
function agentFor({ addressPolicy, timeoutMs }: HttpSettings): Agent {
  const key = `${addressPolicy} ${timeoutMs}`;
  const there = agents.get(key);
  if (there !== undefined) return there;
  const connect = buildConnector({ lookup: guardedLookup(addressPolicy), timeout: timeoutMs, allowH2: false });
  const agent = new Agent({
    allowH2: false,
    keepAliveTimeout: 4000,
    keepAliveMaxTimeout: 4000,
    connections: 32,
    connect: (options, callback) => {
      try {
        assertLiteralAllowed(options.hostname, addressPolicy);
      } catch (error) {
        callback(error instanceof Error ? error : new Error('refused'), null);
        return;
      }
      connect(options, callback);
    },
  });
  agents.set(key, agent);
  return agent;
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
