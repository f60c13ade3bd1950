import type { ServiceError, ServiceFailure } from '../errors.ts';
import type { Message, Say } from '../messages.ts';

/** Which addresses the address guard allows for a person's server: see address-guard.ts. */
export type AddressPolicy = 'private-allowed' | 'public-only';

/**
 * Where the bot or its database listens; never a media server. `host` is an IP address, a name or a wildcard address. `as-bound`: only at
 * that host; `whole-machine`: if that host is the bot's own machine, at any of its addresses.
 */
export type OwnListener = { host: string; port: number; scope: 'as-bound' | 'whole-machine' };

/** One finished HTTP call to a media server; it contains no secrets. */
export type HttpCall = {
  service: string;
  method: string;
  /** Without the address, the URL base and the query. */
  path: string;
  status: number | null;
  /** Null when it succeeded. */
  failure: ServiceFailure | 'aborted' | null;
  ms: number;
};

/** Limits and callbacks for every call to a media server. Times in milliseconds, size in bytes. */
export type HttpSettings = {
  onCall?: (call: HttpCall) => void;
  /** Who acts: the calls in flight are counted by person. */
  person?: string;
  /** Awaited just before each call that may change something; it is not made when this throws. */
  beforeWrite?: () => Promise<void>;
  addressPolicy: AddressPolicy;
  /** Refused as media servers, besides what the policy refuses. */
  ownListeners?: readonly OwnListener[];
  timeoutMs: number;
  /** Of any reply; most have a smaller limit of their own (read-reply.ts). */
  maxResponseBytes: number;
};

/** A stored server, decrypted, for whoever acts there. Lives only as long as the event that needed it. */
export type Connection = {
  baseUrl: string;
  /** API key or password. */
  secret: string;
  username: string | null;
  /** Which of the server's users acts, where its definition has a `user` and the person has said it; whether the server is theirs. */
  actor: { user: string | null; isOwner: boolean };
  /** Puts into words what the server leaves unsaid, such as the name of a film that has none, for whoever acts. */
  say: Say;
  http: HttpSettings;
};

/** What `/services configure` and `/services test` show of a server that answered. */
export type ServiceCheck = {
  /** Without a "v" before it. */
  version: string;
  /** One short phrase such as "1,204 films, 3 downloading". */
  holds: string;
};

export type CallOptions = { signal?: AbortSignal };

/** Someone with an account on a server whose keys are for the whole of it. */
export type ServiceUser = { id: string; name: string };

/** What every client can do, whatever its server. */
export type ServiceClient = {
  /** Tries address, kind of server and credentials. Throws ServiceError (wrong_service, unauthorized, …). */
  check(options?: CallOptions): Promise<ServiceCheck>;
  /** Everyone whom the person may say they are; only where the definition has a `user`. */
  users?(options?: CallOptions): Promise<ServiceUser[]>;
};

/**
 * What the sentences of a failure may name. `urlBase` is a usual one; `detail` is that of the error, and `itsWords` the same ended with a
 * full stop. Both are empty where the error has none.
 */
export type FailureValues = { label: string; urlBase: string; detail: string; itsWords: string; status: number };

/** What failed and what to do next: one plain sentence each. */
export type FailureMessages = { what: Message<FailureValues>; nextStep: Message<FailureValues> };

/** One kind of media server: what a person must give, and how to open it. */
export type ServiceDefinition<Client extends ServiceClient> = {
  name: string;
  label: string;
  defaultPort: number;
  /** Whether the server wants a user name beside the secret. */
  needsUsername: boolean;
  /** What the secret is: a key has no spaces around it, a password may. */
  secret: 'key' | 'password';
  words: {
    /** What the secret is called, beside its field. */
    secret: Message;
    /** Where the person finds the secret, in one sentence. */
    secretHint: Message;
  };
  /**
   * How a person is asked which of the server's users they are (`userId` and `userName` of the options); null if the key or password
   * says it. If the answer is not needed, a server with only one user is not asked about.
   */
  user: { question: Message; isNeeded: boolean } | null;
  /** Path endings that are a page or the API of the server, not its URL base: removed from a typed address. */
  pagePaths: readonly string[];
  /** Failures of which this kind of server says more than all say; `usual` are the words that all have for it. */
  failureWords?: { [Failure in ServiceFailure]?: (error: ServiceError, usual: FailureMessages) => FailureMessages };
  open(connection: Connection): Client;
};
