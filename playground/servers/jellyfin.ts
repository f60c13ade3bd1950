import { randomBytes } from 'node:crypto';
import { type Answer, type Call, html, type PlaygroundServer, serve } from './http-server.ts';

export type PlaygroundJellyfin = PlaygroundServer & {
  apiKey: string;
  state: { users: { Id: string; Name: string }[] };
};

/** A Jellyfin with a few people. */
export async function startJellyfin(
  options: { apiKey?: string; urlBase?: string; port?: number } = {},
): Promise<PlaygroundJellyfin> {
  const apiKey = options.apiKey ?? randomBytes(16).toString('hex');
  const state = {
    users: ['Ada', 'Grace', 'Living room'].map((Name, index) => ({ Id: `${index + 1}`.repeat(32), Name })),
  };
  const server = await serve((call) => answer(call, state, apiKey), { ...options, server: 'jellyfin' });
  return { ...server, apiKey, state };
}

function answer(call: Call, state: PlaygroundJellyfin['state'], apiKey: string): Answer {
  const open = {
    LocalAddress: '',
    ServerName: 'Home',
    Version: '10.11.11',
    ProductName: 'Jellyfin Server',
    Id: 'a'.repeat(32),
    StartupWizardCompleted: true,
  };
  if (call.path === '/System/Info/Public') return { status: 200, body: open };
  if (call.path === '/' || call.path.startsWith('/web'))
    return { status: 200, body: '<!doctype html><title>Jellyfin</title>', headers: html };
  const token = /Token="([^"]*)"/.exec(String(call.headers.authorization ?? ''))?.[1];
  if (token !== apiKey) return { status: 401, body: undefined };
  switch (`${call.method} ${call.path}`) {
    case 'GET /System/Info':
      return { status: 200, body: { ...open, OperatingSystemDisplayName: '', HasPendingRestart: false } };
    case 'GET /Items/Counts':
      return { status: 200, body: { MovieCount: 214, SeriesCount: 31, EpisodeCount: 1280 } };
    case 'GET /Users':
      return {
        status: 200,
        body: state.users.map((user) => ({ ...user, HasPassword: true, Policy: policy })),
      };
    default:
      return { status: 404, body: undefined };
  }
}

/** What a person may do; the two providers are what the document says is always there. */
const policy = {
  IsAdministrator: false,
  AuthenticationProviderId: 'Jellyfin.Server.Implementations.Users.DefaultAuthenticationProvider',
  PasswordResetProviderId: 'Jellyfin.Server.Implementations.Users.DefaultPasswordResetProvider',
};
