import { channel } from 'node:diagnostics_channel';

/** One request to a server of the playground and its reply, as both went over the wire; injected faults are not among them. */
export type Exchange = {
  server: 'radarr' | 'sonarr' | 'jellyfin' | 'jellyseerr' | 'qbittorrent' | 'discord';
  method: string;
  /** Without the URL base. */
  path: string;
  query: URLSearchParams;
  /** As parsed: JSON, else the text. */
  body: unknown;
  status: number;
  reply: unknown;
};

/** Where the servers of the playground publish each exchange: whoever wants to check them listens, and else it costs nothing. */
export const exchanges = channel('assistarr.playground.exchange');

/** Publishes one exchange, when someone listens. */
export function publishExchange(exchange: Exchange): void {
  if (exchanges.hasSubscribers) exchanges.publish(exchange);
}

/** One request to a server of the playground as it went, an injected fault too; the status is 0 when no answer came. */
export type TimedCall = {
  server: Exchange['server'];
  method: string;
  /** With its query; keys are left out. */
  path: string;
  status: number;
  at: number;
  ms: number;
};

/** Where each call is published once it is over. */
export const timedCalls = channel('assistarr.playground.call');

/** Publishes one call, when someone listens. */
export function publishCall(call: TimedCall): void {
  if (timedCalls.hasSubscribers) timedCalls.publish(call);
}
