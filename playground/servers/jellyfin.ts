import { randomBytes } from 'node:crypto';
import { drawPicture } from './draw-picture.ts';
import { type Answer, type Call, html, type PlaygroundServer, serve } from './http-server.ts';
import { type JellyfinItem, jellyfinLibrary } from './jellyfin-library.ts';

export type JellyfinSession = {
  Id: string;
  UserName: string;
  DeviceName: string;
  NowPlayingItem?: JellyfinItem;
  PlayState: { PositionTicks: number; IsPaused: boolean; PlayMethod?: 'Transcode' | 'DirectPlay' };
};

export type PlaygroundJellyfin = PlaygroundServer & {
  apiKey: string;
  state: {
    users: { Id: string; Name: string }[];
    items: JellyfinItem[];
    /** User id → item id → how far it was watched, 0 to 100. */
    watched: Record<string, Record<string, number>>;
    sessions: JellyfinSession[];
  };
};

/** A Jellyfin with a few people, a small library, and someone who is watching. */
export async function startJellyfin(
  options: { apiKey?: string; urlBase?: string; port?: number; version?: '10.11.11' | '12.0.0' } = {},
): Promise<PlaygroundJellyfin> {
  const apiKey = options.apiKey ?? randomBytes(16).toString('hex');
  const items = jellyfinLibrary.map((item) => ({ ...item }));
  const [ada = '', grace = ''] = ['1', '2'].map((digit) => digit.repeat(32));
  const [matrix, inception, , , , episode] = items;
  const state: PlaygroundJellyfin['state'] = {
    users: ['Ada', 'Grace', 'Living room'].map((Name, index) => ({ Id: `${index + 1}`.repeat(32), Name })),
    items,
    watched: {
      [ada]: { [inception?.Id ?? '']: 40, [matrix?.Id ?? '']: 100, [episode?.Id ?? '']: 12 },
      [grace]: {},
    },
    sessions: [
      {
        Id: '5'.repeat(32),
        UserName: 'Grace',
        DeviceName: 'Living room TV',
        ...(matrix === undefined ? {} : { NowPlayingItem: matrix }),
        PlayState: { PositionTicks: (matrix?.RunTimeTicks ?? 0) / 4, IsPaused: false, PlayMethod: 'Transcode' },
      },
      { Id: '6'.repeat(32), UserName: 'Ada', DeviceName: 'Phone', PlayState: { PositionTicks: 0, IsPaused: false } },
    ],
  };
  const program = { state, apiKey, version: options.version ?? '10.11.11' };
  const server = await serve((call) => answer(call, program), { ...options, server: 'jellyfin' });
  return { ...server, apiKey, state };
}

type Program = { state: PlaygroundJellyfin['state']; apiKey: string; version: string };

function answer(call: Call, { state, apiKey, version }: Program): Answer {
  const open = {
    LocalAddress: '',
    ServerName: 'Home',
    Version: version,
    ProductName: 'Jellyfin Server',
    Id: 'a'.repeat(32),
    StartupWizardCompleted: true,
  };
  if (call.path === '/System/Info/Public') return { status: 200, body: open };
  if (call.path === '/' || call.path.startsWith('/web'))
    return { status: 200, body: '<!doctype html><title>Jellyfin</title>', headers: html };
  const token = /Token="([^"]*)"/.exec(String(call.headers.authorization ?? ''))?.[1];
  if (token !== apiKey) return { status: 401, body: undefined };
  const pictured = /^\/Items\/([^/]+)\/Images\/Primary$/.exec(call.path)?.[1];
  if (pictured !== undefined) return picture(pictured, state);
  const marked = /^\/UserPlayedItems\/([^/]+)$/.exec(call.path)?.[1];
  if (marked !== undefined) return mark(marked, call, state);
  switch (`${call.method} ${call.path}`) {
    case 'GET /System/Info':
      return { status: 200, body: { ...open, OperatingSystemDisplayName: '', HasPendingRestart: false } };
    case 'GET /Items/Counts':
      return { status: 200, body: { MovieCount: 214, SeriesCount: 31, EpisodeCount: 1280 } };
    case 'GET /Users':
      return { status: 200, body: state.users.map((user) => ({ ...user, HasPassword: true, Policy: policy })) };
    case 'GET /Items':
      return { status: 200, body: page(found(call, state), call, state) };
    case 'GET /Items/Latest':
      return latest(call, state);
    case 'GET /UserItems/Resume':
      return { status: 200, body: page(begun(call, state), call, state) };
    case 'GET /Sessions':
      return { status: 200, body: state.sessions };
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

/** /UserPlayedItems: POST marks as watched and DELETE as not watched, of a series all of its episodes. */
function mark(id: string, call: Call, state: Program['state']): Answer {
  const userId = call.query.get('userId') ?? '';
  const item = state.items.find(({ Id }) => Id === id);
  if (item === undefined || !isUser(call, state)) return { status: 404, body: { title: 'Not Found', status: 404 } };
  const percent = call.method === 'POST' ? 100 : 0;
  const marked = [item, ...episodesOf(item, state)].map(({ Id }) => [Id, percent]);
  state.watched[userId] = { ...state.watched[userId], ...Object.fromEntries(marked) };
  return { status: 200, body: userData(item, call, state) };
}

function episodesOf({ Id }: JellyfinItem, state: Program['state']): JellyfinItem[] {
  return state.items.filter(({ SeriesId }) => SeriesId === Id);
}

/** /Items: those with the ids, or filtered by type and title, newest first where that is asked for. */
function found(call: Call, state: Program['state']): JellyfinItem[] {
  const ids = call.query.get('ids')?.split(',');
  if (ids !== undefined) return state.items.filter(({ Id }) => ids.includes(Id));
  const types = (call.query.get('includeItemTypes') ?? '').split(',');
  const term = (call.query.get('searchTerm') ?? '').toLowerCase();
  const items = state.items.filter(({ Type, Name }) => types.includes(Type) && Name.toLowerCase().includes(term));
  return call.query.get('sortBy') === 'DateCreated' ? newestFirst(items) : items;
}

function newestFirst(items: readonly JellyfinItem[]): JellyfinItem[] {
  return items.toSorted((one, other) => other.DateCreated.localeCompare(one.DateCreated));
}

/** /Items/Latest: a bare list, episodes of a series together as the series. An API key has no user of its own. */
function latest(call: Call, state: Program['state']): Answer {
  if (!isUser(call, state)) return { status: 404, body: 'User not found' };
  const items = newestFirst(state.items.filter(({ Type }) => Type === 'Movie' || Type === 'Series'));
  return { status: 200, body: items.slice(0, limit(call)).map((item) => withUserData(item, call, state)) };
}

function picture(id: string, state: Program['state']): Answer {
  const item = state.items.find(({ Id, ImageTags }) => Id === id && ImageTags.Primary !== undefined);
  if (item === undefined) return { status: 404, body: { title: 'Not Found', status: 404 } };
  return { status: 200, body: drawPicture(item.Name), headers: { 'content-type': 'image/png' } };
}

function begun(call: Call, state: Program['state']): JellyfinItem[] {
  const watched = state.watched[call.query.get('userId') ?? ''] ?? {};
  return state.items.filter(({ Id }) => (watched[Id] ?? 0) > 0 && (watched[Id] ?? 0) < 100);
}

function page(items: readonly JellyfinItem[], call: Call, state: Program['state']): object {
  const shown = items.slice(0, limit(call)).map((item) => withUserData(item, call, state));
  return { Items: shown, TotalRecordCount: items.length, StartIndex: 0 };
}

function withUserData(item: JellyfinItem, call: Call, state: Program['state']): object {
  if (!isUser(call, state)) return item;
  const isCounted = item.Type === 'Series' && call.query.get('fields')?.split(',').includes('RecursiveItemCount');
  const count = isCounted ? { RecursiveItemCount: episodesOf(item, state).length } : {};
  return { ...item, ...count, UserData: userData(item, call, state) };
}

/** Of a series with episodes it is how many of them are left; it counts as watched when none is. */
function userData(item: JellyfinItem, call: Call, state: Program['state']): object {
  const watched = state.watched[call.query.get('userId') ?? ''] ?? {};
  const episodes = episodesOf(item, state);
  const percent = watched[item.Id] ?? 0;
  const PlaybackPositionTicks = Math.round(((item.RunTimeTicks ?? 0) * (percent % 100)) / 100);
  const data = { Key: item.Id, ItemId: item.Id, PlayCount: 1, IsFavorite: false, PlaybackPositionTicks };
  if (episodes.length === 0) return { ...data, Played: percent === 100, PlayedPercentage: percent % 100 };
  const UnplayedItemCount = episodes.filter(({ Id }) => watched[Id] !== 100).length;
  return { ...data, Played: UnplayedItemCount === 0, UnplayedItemCount };
}

function isUser(call: Call, state: Program['state']): boolean {
  return state.users.some(({ Id }) => Id === call.query.get('userId'));
}

function limit(call: Call): number {
  return Number(call.query.get('limit') ?? 100);
}
