import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { HostError } from '../errors.ts';
import type { Settings } from '../settings.ts';
import type { Metrics } from './metrics.ts';

type HttpServer = { address: string; bound: { host: string; port: number }; stop(): Promise<void> };

type Options = {
  host: string;
  /** 0 takes a free one. */
  port: number;
  metrics: Metrics;
  /** Empty when the bot can do its work, else what is missing. */
  missing(): Promise<string[]>;
  log: Logger;
};

/**
 * `/healthz`: the process lives; `/readyz`: Discord is connected and the database answers; `/metrics`: Prometheus. Throws
 * HostError when the port can't be had.
 */
async function startHttpServer({ host, port, metrics, missing, log }: Options): Promise<HttpServer> {
  const server = createServer((request, response) => {
    const path = request.url?.split('?')[0] ?? '/';
    const answer = async () => {
      if (request.method !== 'GET' && request.method !== 'HEAD') return send(response, 405, 'GET only\n');
      if (path === '/healthz') return send(response, 200, 'ok\n');
      if (path === '/readyz') {
        const lacks = await missing();
        return send(response, lacks.length === 0 ? 200 : 503, `${lacks.length === 0 ? 'ok' : lacks.join(', ')}\n`);
      }
      if (path !== '/metrics') return send(response, 404, 'Use /healthz, /readyz or /metrics\n');
      const { body, type } = await metrics.text();
      return send(response, 200, body, type);
    };
    answer().catch((error: unknown) => {
      log.error({ err: error }, 'an HTTP request could not be answered');
      send(response, 500, 'failed\n');
    });
  });
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
    throw new HostError(
      `The bot cannot listen on HTTP_HOST and HTTP_PORT (${code}): set another port, or none to switch this off.`,
      { cause },
    );
  }
  const found = server.address();
  const bound =
    typeof found === 'object' && found !== null ? { host: found.address, port: found.port } : { host, port };
  const address = `http://${host.includes(':') ? `[${host}]` : host}:${bound.port}`;
  log.info({ address }, 'health and metrics are served');
  return {
    address,
    bound,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** The server as the settings want it; null without a port. */
export async function serveHttp(
  { httpHost, httpPort }: Pick<Settings, 'httpHost' | 'httpPort'>,
  options: Omit<Options, 'host' | 'port'>,
): Promise<HttpServer | null> {
  return httpPort === undefined ? null : startHttpServer({ ...options, host: httpHost, port: httpPort });
}

function send(response: ServerResponse, status: number, body: string, type = 'text/plain; charset=utf-8'): void {
  if (response.headersSent) return;
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
}
