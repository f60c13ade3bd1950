import { randomBytes } from 'node:crypto';
import { type Answer, type Call, html, type PlaygroundServer, serve } from './http-server.ts';

export type PlaygroundJellyseerr = PlaygroundServer & {
  apiKey: string;
  state: { total: number; pending: number; csrf: boolean };
};

/** A Seerr with some requests. */
export async function startJellyseerr(
  options: { apiKey?: string; urlBase?: string; port?: number } = {},
): Promise<PlaygroundJellyseerr> {
  const apiKey = options.apiKey ?? randomBytes(16).toString('base64');
  const state = { total: 12, pending: 2, csrf: false };
  const server = await serve((call) => answer(call, state, apiKey), { ...options, server: 'jellyseerr' });
  return { ...server, apiKey, state };
}

function answer(call: Call, state: PlaygroundJellyseerr['state'], apiKey: string): Answer {
  if (!call.path.startsWith('/api/v1/'))
    return { status: 200, body: '<!doctype html><title>Seerr</title>', headers: html };
  if (call.path === '/api/v1/status')
    return {
      status: 200,
      body: { version: '3.1.0', commitTag: 'v3.1.0', updateAvailable: false, commitsBehind: 0, restartRequired: false },
    };
  const key = call.headers['x-api-key'];
  if (key === undefined)
    return { status: 401, body: { status: 401, error: 'You do not have permission to access this endpoint' } };
  if (key !== apiKey)
    return { status: 403, body: { status: 403, error: 'You do not have permission to access this endpoint' } };
  switch (`${call.method} ${call.path}`) {
    case 'GET /api/v1/auth/me':
      return { status: 200, body: owner };
    case 'GET /api/v1/request/count':
      return {
        status: 200,
        body: {
          total: state.total,
          movie: 8,
          tv: 4,
          pending: state.pending,
          approved: 10,
          declined: 0,
          processing: 1,
          available: 9,
          completed: 9,
        },
      };
    default:
      return { status: 404, body: { message: 'not found' } };
  }
}

/** The account that the key belongs to. */
const owner = {
  id: 1,
  email: 'owner@example.org',
  username: 'Owner',
  permissions: 2,
  createdAt: '2025-01-01T00:00:00.000Z',
  updatedAt: '2025-01-01T00:00:00.000Z',
};
