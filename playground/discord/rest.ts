import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import {
  cannotSendToUser,
  missingAccess,
  missingPermissions,
  Refusal,
  unknownChannel,
  unknownMessage,
} from './errors.ts';
import type { Gateway } from './gateway.ts';
import { answerInteraction, editMessage, followUp, webhookMessage } from './interactions.ts';
import { channelPayload, messagePayload, userPayload } from './payloads.ts';
import { RateLimits } from './rate-limits.ts';
import type { Channel, DiscordState, Json, Message } from './state.ts';
import { validateCommands } from './validate-commands.ts';
import { isObject, objects } from './validate-components.ts';
import { validateMessage } from './validate-message.ts';

export type RestCall = { method: string; path: string; status: number; body: unknown; at: number };
export type RestFault = {
  match: RegExp;
  times: number;
  status: number;
  hang?: boolean;
  reset?: boolean;
  retryAfter?: number;
};

type Request = { method: string; path: string; body: Json; list: unknown; files: Json[]; query: URLSearchParams };

/** The REST API, for what the bot uses. */
export class Rest {
  readonly server: Server;
  readonly journal: RestCall[] = [];
  faults: RestFault[] = [];
  gateway: Gateway | null = null;
  readonly #state: DiscordState;
  readonly #limits: RateLimits;
  readonly #gatewayUrl: () => string;

  constructor(state: DiscordState, gatewayUrl: () => string) {
    this.#state = state;
    this.#limits = new RateLimits(state);
    this.#gatewayUrl = gatewayUrl;
    this.server = createServer((request, response) => {
      this.#serve(request, response).catch((error: unknown) =>
        response.destroy(error instanceof Error ? error : undefined),
      );
    });
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(incoming.url ?? '/', 'http://discord');
    const path = decodeURIComponent(url.pathname).replace(/^\/api(\/v\d+)?/, '');
    const method = incoming.method ?? 'GET';
    const request = { method, path, query: url.searchParams, ...(await readBody(incoming)) };
    const journalPath = path.replace(/^(\/(?:webhooks|interactions)\/\d+)\/[^/]+/, '$1/:token');
    const respond = (status: number, body: unknown, headers: Record<string, string> = {}) => {
      this.journal.push({ method, path: journalPath, status, body: request.body, at: Date.now() });
      response.writeHead(status, status === 204 ? headers : { 'content-type': 'application/json', ...headers });
      response.end(status === 204 ? undefined : JSON.stringify(body));
    };
    const fault = this.#fault(`${method} ${path}`);
    if (fault?.hang) return;
    if (fault?.reset) return void incoming.socket.resetAndDestroy();
    if (fault) {
      const headers: Record<string, string> =
        fault.retryAfter === undefined ? {} : { 'retry-after': String(fault.retryAfter), 'x-ratelimit-global': 'true' };
      return respond(
        fault.status,
        { message: 'injected fault', code: 0, retry_after: fault.retryAfter, global: true },
        headers,
      );
    }
    const isWebhook = /^\/(webhooks|interactions)\//.test(path);
    if (!isWebhook && incoming.headers.authorization !== `Bot ${this.#state.token}`)
      return respond(401, { message: '401: Unauthorized', code: 0 });
    const limit = isWebhook ? { headers: {}, refuse: null } : this.#limits.take(method, path);
    if (limit.refuse !== null) {
      const { retryAfter, global } = limit.refuse;
      return respond(
        429,
        { message: 'You are being rate limited.', retry_after: retryAfter, global },
        {
          ...limit.headers,
          'retry-after': String(Math.ceil(retryAfter)),
          ...(global ? { 'x-ratelimit-global': 'true' } : {}),
          'x-ratelimit-scope': global ? 'global' : 'user',
        },
      );
    }
    try {
      const answer = this.#route(request);
      respond(answer === null ? 204 : 200, answer, limit.headers);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      respond(error.status, error.body, limit.headers);
    }
  }

  #fault(call: string): RestFault | null {
    const fault = this.faults.find((candidate) => candidate.match.test(call));
    if (fault === undefined) return null;
    fault.times--;
    if (fault.times <= 0) this.faults = this.faults.filter((candidate) => candidate !== fault);
    return fault;
  }

  #route(request: Request): unknown {
    const state = this.#state;
    const { method, path, body } = request;
    const segments = path.split('/').filter((segment) => segment !== '');
    const [first, second = '', third, fourth = '', fifth = ''] = segments;
    if (path === '/gateway/bot')
      return {
        url: this.#gatewayUrl(),
        shards: 1,
        session_start_limit: { total: 1000, remaining: 999, reset_after: 1000, max_concurrency: 1 },
      };
    if (path === '/users/@me') return userPayload(state.bot);
    if (path === '/applications/@me' || path === '/oauth2/applications/@me') return this.#application();
    if (first === 'applications' && third === 'commands') return this.#commands(request);
    if (path === '/users/@me/channels' && method === 'POST')
      return channelPayload(state, state.dmChannel(String(body.recipient_id)));
    if (first === 'users' && method === 'GET') {
      const account = state.accounts.get(second);
      if (account === undefined) throw new Refusal(404, 10013, 'Unknown User');
      return userPayload(account);
    }
    if (first === 'interactions' && fourth === 'callback') {
      const message = answerInteraction(state, second, third ?? '', body, request.files);
      if (message !== null) this.#announce(message, 'MESSAGE_CREATE');
      if (request.query.get('with_response') !== 'true') return null;
      return {
        interaction: { id: second, type: 2 },
        ...(message === null ? {} : { resource: { type: body.type, message: messagePayload(state, message) } }),
      };
    }
    if (first === 'webhooks') return this.#webhook(request, third ?? '', fifth);
    if (first === 'channels') return this.#channel(request, second, third, fourth);
    throw new Refusal(404, 0, '404: Not Found');
  }

  #application(): Json {
    const state = this.#state;
    const owner = state.ownerId === null ? state.bot : (state.accounts.get(state.ownerId) ?? state.bot);
    return {
      id: state.applicationId,
      name: 'Assistarr',
      icon: null,
      description: '',
      bot_public: true,
      bot_require_code_grant: false,
      verify_key: '',
      flags: state.applicationFlags,
      owner: userPayload(owner),
      team: null,
    };
  }

  #commands({ method, list }: Request): unknown {
    const state = this.#state;
    if (method === 'PUT') {
      const commands = objects(list);
      validateCommands(commands);
      state.commands = commands.map((command, index) => ({
        type: 1,
        ...command,
        id: String(1000 + index),
        application_id: state.applicationId,
        version: '1',
        default_member_permissions: null,
        nsfw: false,
      }));
      state.changed();
    }
    return state.commands;
  }

  #webhook({ method, body, files }: Request, token: string, messageId: string): unknown {
    const state = this.#state;
    if (messageId === '' && method === 'POST') {
      const message = followUp(state, token, body, files);
      this.#announce(message, 'MESSAGE_CREATE');
      return messagePayload(state, message);
    }
    const message = webhookMessage(state, token, messageId);
    if (method === 'PATCH') {
      editMessage(state, message, body, files);
      this.#announce(message, 'MESSAGE_UPDATE');
    }
    if (method === 'DELETE') {
      message.deleted = true;
      state.changed();
      return null;
    }
    return messagePayload(state, message);
  }

  #channel(request: Request, channelId: string, what: string | undefined, messageId: string): unknown {
    const state = this.#state;
    const { method, body, files } = request;
    const channel = state.channels.get(channelId);
    if (channel === undefined) throw unknownChannel();
    if (!state.isMember(channel) || channel.deniedToBot & (1n << 10n)) throw missingAccess();
    if (what === undefined) return channelPayload(state, channel);
    if (what === 'typing') return null;
    if (what !== 'messages') throw new Refusal(404, 0, '404: Not Found');
    if (messageId === '' && method === 'POST') return messagePayload(state, this.#create(channel, body, files));
    const message = state.messages.get(messageId);
    if (message === undefined || message.deleted || message.channelId !== channel.id || message.ephemeralFor !== null)
      throw unknownMessage();
    if (method !== 'GET' && message.authorId !== state.bot.id)
      throw new Refusal(403, 50005, 'Cannot edit a message authored by another user');
    if (method === 'PATCH') {
      editMessage(state, message, body, files);
      this.#announce(message, 'MESSAGE_UPDATE');
    }
    if (method === 'DELETE') {
      message.deleted = true;
      state.changed();
      return null;
    }
    return messagePayload(state, message);
  }

  #create(channel: Channel, body: Json, files: Json[]): Message {
    const state = this.#state;
    if (channel.deniedToBot & (1n << 11n)) throw missingPermissions();
    if (channel.recipientId !== null && state.accounts.get(channel.recipientId)?.dmsClosed) throw cannotSendToUser();
    validateMessage(body, { isEdit: false, wasV2: false, hasFiles: files.length > 0 });
    const nonce = body.nonce === undefined ? null : String(body.nonce);
    if (nonce !== null && body.enforce_nonce === true) {
      const there = [...state.messages.values()].find(
        (message) => message.nonce === nonce && message.channelId === channel.id,
      );
      if (there !== undefined) return there;
    }
    const reference = isObject(body.message_reference) ? body.message_reference : null;
    const replied = reference === null ? undefined : state.messages.get(String(reference.message_id));
    if (reference !== null && replied === undefined && reference.fail_if_not_exists !== false)
      throw new Refusal(400, 50035, 'Invalid Form Body', {
        message_reference: { _errors: [{ code: 'REPLIES_UNKNOWN_MESSAGE', message: 'Unknown message' }] },
      });
    const message = state.addMessage({
      channelId: channel.id,
      authorId: state.bot.id,
      content: typeof body.content === 'string' ? body.content : '',
      embeds: objects(body.embeds),
      components: objects(body.components),
      attachments: files,
      flags: Number(body.flags ?? 0),
      nonce,
      replyTo: replied?.id ?? null,
      allowedMentions: body.allowed_mentions ?? null,
    });
    this.#announce(message, 'MESSAGE_CREATE');
    return message;
  }

  /** Ephemeral messages and places where the bot is no member give no event. */
  #announce(message: Message, event: 'MESSAGE_CREATE' | 'MESSAGE_UPDATE'): void {
    const channel = this.#state.channels.get(message.channelId);
    if (message.ephemeralFor !== null || channel === undefined || !this.#state.isMember(channel)) return;
    this.gateway?.dispatch(event, messagePayload(this.#state, message));
  }
}

async function readBody(incoming: IncomingMessage): Promise<{ body: Json; list: unknown; files: Json[] }> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
  const bytes = Buffer.concat(chunks);
  const type = incoming.headers['content-type'] ?? '';
  if (bytes.length === 0) return { body: {}, list: null, files: [] };
  if (type.startsWith('multipart/form-data')) {
    const form = await new Response(bytes, { headers: { 'content-type': type } }).formData();
    const payload: unknown = JSON.parse(String(form.get('payload_json') ?? '{}'));
    const files = [...form.entries()].flatMap(([name, value]) =>
      typeof value === 'string'
        ? []
        : [
            {
              id: name.replace(/\D/g, ''),
              filename: value.name,
              size: value.size,
              content_type: value.type,
              url: `https://cdn.playground/${encodeURIComponent(value.name)}`,
              proxy_url: '',
            },
          ],
    );
    return { body: isObject(payload) ? payload : {}, list: payload, files };
  }
  const parsed: unknown = JSON.parse(bytes.toString('utf8'));
  return { body: isObject(parsed) ? parsed : {}, list: parsed, files: [] };
}
