/** What the page and its server say to each other, as JSON over one WebSocket. */
export type Json = Record<string, unknown>;

export type Person = { id: string; name: string; isBot: boolean; note: string };
export type Channel = { id: string; name: string; recipientId: string | null };
export type Reaction = { emoji: string; userIds: string[] };

export type Message = {
  id: string;
  channelId: string;
  authorId: string;
  content: string;
  embeds: Json[];
  components: Json[];
  attachments: Json[];
  reactions: Reaction[];
  isThinking: boolean;
  isEdited: boolean;
  /** Set when only this person sees it. */
  ephemeralFor: string | null;
  replyTo: string | null;
  /** Whom it mentions, by a name in its text or as the answer to theirs. */
  mentions: string[];
  /** The slash command that it answers. */
  command: { userId: string; name: string } | null;
  createdAt: number;
};

/** Something that a person did and the bot has not answered: `failed` once Discord's three seconds are over. */
export type Pending = {
  id: string;
  userId: string;
  channelId: string;
  /** The message whose button or select was used. */
  sourceId: string | null;
  /** "/request movie", when it is a command. */
  command: string | null;
  failed: boolean;
};

export type BotState = {
  state: 'starting' | 'ready' | 'stopped';
  /** The newest lines that it printed. */
  log: string[];
};

export type FaultSwitch = { id: string; label: string };
export type Line = {
  title: string;
  note: string;
  percent?: number;
  /** A request of Seerr's that can be approved or declined. */
  requestId?: number;
};
export type ServerView = {
  id: string;
  name: string;
  /** What a person types into `/services configure`. */
  credentials: { label: string; value: string; isSecret: boolean }[];
  groups: { title: string; lines: Line[] }[];
  faults: FaultSwitch[];
  /** The fault that is switched on. */
  fault: string | null;
};

export type HttpCall = {
  id: number;
  server: string;
  method: string;
  path: string;
  /** 0 when no answer came. */
  status: number;
  at: number;
  ms: number;
};

export type ModelRequest = {
  id: number;
  at: number;
  /** Null while it is answered. */
  ms: number | null;
  status: number | null;
  model: string;
  messages: number;
  tools: string[];
  /** What the model answered with: text, calls of tools. */
  text: string;
  calls: { name: string; input: string }[];
  tokens: { input: number; output: number; isEstimate: boolean } | null;
  lastMessage: string;
};

export type ToolCallRow = {
  id: string;
  toolName: string;
  status: string;
  effect: string;
  input: string;
  error: string | null;
  queuedAt: number;
  finishedAt: number | null;
};

/** From the server to the page. */
export type Told =
  | {
      kind: 'start';
      people: Person[];
      channels: Channel[];
      messages: Message[];
      serverName: string;
      modelName: string;
      filesAt: string;
    }
  | { kind: 'channels'; channels: Channel[] }
  | { kind: 'message'; message: Message }
  | { kind: 'gone'; id: string }
  | { kind: 'commands'; commands: Json[] }
  | { kind: 'pending'; pending: Pending[] }
  | { kind: 'typing'; channels: { channelId: string; until: number }[] }
  | { kind: 'bot'; bot: BotState }
  | { kind: 'servers'; servers: ServerView[]; isClockRunning: boolean }
  | { kind: 'calls'; calls: HttpCall[] }
  | { kind: 'model'; requests: ModelRequest[]; faults: FaultSwitch[]; fault: string | null }
  | { kind: 'rows'; rows: ToolCallRow[] }
  | { kind: 'answer'; to: number; value: unknown }
  | { kind: 'refused'; to: number; reason: string };

/** What opened for the person who used a command or a button; `isTooLate`: the message no longer has what they used. */
export type Opened = { modal: { interactionId: string; data: Json } | null; isTooLate?: true };
export type Choice = { name: string; value: string };
