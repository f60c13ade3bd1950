import type { ServiceFailure } from '../errors.ts';

/** What the address guard lets a person's server be: see address-guard.ts. */
export type AddressPolicy = 'private-allowed' | 'public-only';

/** One HTTP call to a media server as it ended; nothing of it is secret. */
export type HttpCall = {
  service: string;
  method: string;
  /** Without the address, the URL base and the query. */
  path: string;
  status: number | null;
  /** Null when it was answered as it should be. */
  failure: ServiceFailure | 'aborted' | null;
  ms: number;
};

/** Limits for every call to a media server, and who is told of it. Times in milliseconds, size in bytes. */
export type HttpSettings = {
  onCall?: (call: HttpCall) => void;
  addressPolicy: AddressPolicy;
  timeoutMs: number;
  maxResponseBytes: number;
};

/** One person's stored server, decrypted. Lives only as long as the event that needed it. */
export type Connection = {
  baseUrl: string;
  /** API key or password. */
  secret: string;
  username: string | null;
  options: Record<string, unknown>;
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

/** One kind of media server: what a person must give, and how to open it. */
export type ServiceDefinition<Client extends ServiceClient> = {
  name: string;
  label: string;
  defaultPort: number;
  /** Whether the server wants a user name beside the secret. */
  needsUsername: boolean;
  secretLabel: 'API key' | 'Password';
  /** Where the person finds the secret, in one sentence. */
  secretHint: string;
  /**
   * What a person is asked who says which of the server's users they are (`userId` and `userName` of the options); null
   * where the key or password says it. Not asked again when it is not needed, nor where there is one user only.
   */
  user: { question: string; isNeeded: boolean } | null;
  /** Path endings that are a page or the API of the server, not its URL base: removed from a typed address. */
  pagePaths: readonly string[];
  open(connection: Connection): Client;
};
