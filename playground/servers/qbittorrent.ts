import { randomBytes } from 'node:crypto';
import { type Answer, type Call, html, type PlaygroundServer, serve } from './http-server.ts';

export type PlaygroundQbittorrent = PlaygroundServer & {
  username: string;
  password: string;
  state: {
    torrents: { hash: string; name: string; state: string; progress: number }[];
    sessions: Set<string>;
    failures: number;
  };
};

const versions = { 4: { app: 'v4.5.2', api: '2.8.19' }, 5: { app: 'v5.1.0', api: '2.11.4' } };

/** A qBittorrent of major 4 or 5: a wrong password is HTTP 200 with `Fails.`, a missing cookie 403. */
export async function startQbittorrent(
  options: { version?: 4 | 5; urlBase?: string; port?: number } = {},
): Promise<PlaygroundQbittorrent> {
  const username = 'admin';
  const password = randomBytes(12).toString('base64url');
  const version = options.version ?? 5;
  const state = {
    torrents: [{ hash: 'a'.repeat(40), name: 'Blade.Runner.2049.2017.1080p', state: 'downloading', progress: 0.43 }],
    sessions: new Set<string>(),
    failures: 0,
  };
  const server = await serve((call) => answer(call, { state, username, password, version }), {
    ...options,
    server: 'qbittorrent',
  });
  return { ...server, username, password, state };
}

type Program = { state: PlaygroundQbittorrent['state']; username: string; password: string; version: 4 | 5 };

function answer(call: Call, program: Program): Answer {
  const { state } = program;
  if (!call.path.startsWith('/api/v2/'))
    return { status: 200, body: '<!doctype html><title>qBittorrent</title>', headers: html };
  const origin = call.headers.origin;
  if (origin !== undefined && new URL(origin).host !== call.headers.host) return { status: 401, body: 'Unauthorized' };
  if (call.path === '/api/v2/auth/login') return logIn(call, program);
  const session = /(?:^|; )SID=([^;]+)/.exec(call.headers.cookie ?? '')?.[1];
  if (session === undefined || !state.sessions.has(session)) return { status: 403, body: 'Forbidden' };
  switch (call.path) {
    case '/api/v2/app/version':
      return { status: 200, body: versions[program.version].app };
    case '/api/v2/app/webapiVersion':
      return { status: 200, body: versions[program.version].api };
    case '/api/v2/torrents/info':
      return { status: 200, body: state.torrents };
    default:
      return { status: 404, body: 'Not Found' };
  }
}

function logIn(call: Call, { state, username, password }: Program): Answer {
  if (state.failures >= 5)
    return { status: 403, body: 'Your IP address has been banned after too many failed authentication attempts.' };
  const form = new URLSearchParams(String(call.body));
  if (form.get('username') !== username || form.get('password') !== password) {
    state.failures++;
    return { status: 200, body: 'Fails.' };
  }
  state.failures = 0;
  const session = randomBytes(16).toString('base64url');
  state.sessions.add(session);
  return { status: 200, body: 'Ok.', headers: { 'set-cookie': `SID=${session}; HttpOnly; SameSite=Strict; path=/` } };
}
