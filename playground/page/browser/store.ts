import type {
  BotState,
  Channel,
  FaultSwitch,
  HttpCall,
  Json,
  Message,
  ModelRequest,
  Pending,
  Person,
  ServerView,
  Told,
  ToolCallRow,
} from '../protocol.ts';

export type Theme = 'dark' | 'light';
export type OpenModal = { interactionId: string; data: Json; error: string | null; isSending: boolean };

/** Everything that the page shows. */
export type Store = {
  isConnected: boolean;
  people: Person[];
  channels: Channel[];
  /** By channel, oldest first. */
  messages: Map<string, Message[]>;
  commands: Json[];
  pending: Pending[];
  typing: { channelId: string; until: number }[];
  bot: BotState;
  servers: ServerView[];
  isClockRunning: boolean;
  calls: HttpCall[];
  model: { requests: ModelRequest[]; faults: FaultSwitch[]; fault: string | null; name: string };
  rows: ToolCallRow[];
  serverName: string;
  filesAt: string;

  me: string;
  channelId: string;
  theme: Theme;
  /** Which pane is over the messages on a narrow screen. */
  drawer: 'channels' | 'behind' | null;
  isBehindShown: boolean;
  tab: 'servers' | 'calls' | 'model' | 'rows' | 'bot';
  modal: OpenModal | null;
  replyTo: string | null;
  /** Words of Discord's own client, in red when something could not be done. */
  notice: { words: string; isWrong: boolean } | null;
  /** Channels with something unread. */
  unread: Set<string>;
};

const prefersLight = matchMedia('(prefers-color-scheme: light)').matches;

export const store: Store = {
  isConnected: false,
  people: [],
  channels: [],
  messages: new Map(),
  commands: [],
  pending: [],
  typing: [],
  bot: { state: 'starting', log: [] },
  servers: [],
  isClockRunning: false,
  calls: [],
  model: { requests: [], faults: [], fault: null, name: '' },
  rows: [],
  serverName: '',
  filesAt: '',
  me: '',
  channelId: '',
  theme: prefersLight ? 'light' : 'dark',
  drawer: null,
  isBehindShown: true,
  tab: 'servers',
  modal: null,
  replyTo: null,
  notice: null,
  unread: new Set(),
};

/** Takes in what the server told. */
export function apply(told: Told): void {
  switch (told.kind) {
    case 'start':
      store.people = told.people;
      store.serverName = told.serverName;
      store.filesAt = told.filesAt;
      store.model.name = told.modelName;
      store.messages = new Map();
      for (const message of told.messages) put(message);
      store.unread.clear();
      if (!told.people.some((person) => person.id === store.me))
        store.me = told.people.find((person) => !person.isBot)?.id ?? '';
      setChannels(told.channels);
      break;
    case 'channels':
      setChannels(told.channels);
      break;
    case 'message':
      put(told.message);
      break;
    case 'gone':
      for (const [channelId, list] of store.messages)
        store.messages.set(
          channelId,
          list.filter((message) => message.id !== told.id),
        );
      break;
    case 'commands':
      store.commands = told.commands;
      break;
    case 'pending':
      store.pending = told.pending;
      break;
    case 'typing':
      store.typing = told.channels;
      break;
    case 'bot':
      store.bot = told.bot;
      break;
    case 'servers':
      store.servers = told.servers;
      store.isClockRunning = told.isClockRunning;
      break;
    case 'calls':
      store.calls = told.calls;
      break;
    case 'model':
      store.model = { ...store.model, requests: told.requests, faults: told.faults, fault: told.fault };
      break;
    case 'rows':
      store.rows = told.rows;
      break;
  }
}

function put(message: Message): void {
  const list = store.messages.get(message.channelId) ?? [];
  const index = list.findIndex((there) => there.id === message.id);
  if (index >= 0) list[index] = message;
  else {
    list.push(message);
    const isForMe = message.ephemeralFor === null || message.ephemeralFor === store.me;
    if (message.channelId !== store.channelId && message.authorId !== store.me && isForMe)
      store.unread.add(message.channelId);
  }
  store.messages.set(message.channelId, list);
}

function setChannels(channels: Channel[]): void {
  store.channels = channels;
  const mine = visibleChannels();
  if (!mine.some((channel) => channel.id === store.channelId)) store.channelId = mine[0]?.id ?? '';
}

/** The channels that the person acting sees: the server's, and their own DM with the bot. */
export function visibleChannels(): Channel[] {
  return store.channels.filter((channel) => channel.recipientId === null || channel.recipientId === store.me);
}

/** The messages of the open channel that the person acting sees. */
export function visibleMessages(): Message[] {
  return (store.messages.get(store.channelId) ?? []).filter(
    (message) => message.ephemeralFor === null || message.ephemeralFor === store.me,
  );
}

export function nameOf(id: string): string {
  return store.people.find((person) => person.id === id)?.name ?? 'someone';
}
