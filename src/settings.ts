import { config } from 'dotenv';
import { z } from 'zod';
import { HostError } from './errors.ts';
import type { AddressPolicy } from './services/service.ts';
import type { TimeLimits } from './time-limits.ts';

/** A comma- or space-separated list. */
const listOf = (item: z.ZodString) =>
  z
    .string()
    .transform((text) => text.split(/[\s,]+/).filter((one) => one !== ''))
    .pipe(z.array(item))
    .default([]);
const discordIds = 'must be Discord ids (15 to 21 digits), separated by commas';
const idList = listOf(z.string().regex(/^\d{15,21}$/, discordIds));
/** Discord ids, or `*` for everyone. */
const openList = listOf(z.string().regex(/^(\*|\d{15,21})$/, `${discordIds}, or *`));

const milliseconds = (fallback: number) =>
  z.coerce.number('must be a number of milliseconds').int().min(1).max(2_147_483_647).default(fallback);

/** One or several keys of 32 bytes in base64, separated by commas; the first encrypts. */
const encryptionKeys = z
  .string()
  .refine((text) => text.split(',').every((key) => /^[A-Za-z0-9+/]{43}=$/.test(key.trim())), {
    error:
      'must be 32 bytes in base64 (44 characters), or several separated by commas: `openssl rand -base64 32` makes one',
  });

const webAddress = z.url({ protocol: /^https?$/, error: 'must be an address that starts with http:// or https://' });

const environmentSchema = z.object({
  DISCORD_TOKEN: z.string().optional(),
  DISCORD_API_URL: webAddress.default('https://discord.com/api'),
  DISCORD_REQUESTS_PER_SECOND: z.coerce.number('must be a number of requests').int().min(1).max(10_000).default(50),
  POSTGRES_URL: z
    .url({ protocol: /^postgres(ql)?$/, error: 'must be an address that starts with postgres://' })
    .optional(),
  DATA_DIR: z.string().default('./data'),
  ENCRYPTION_KEY: encryptionKeys.optional(),
  OPENAI_API_KEY: z.string().optional(),
  OPENAI_BASE_URL: webAddress.optional(),
  OPENAI_MODEL: z.string().default('gpt-5-mini'),
  OPENAI_API: z.enum(['responses', 'chat'], 'must be responses or chat').optional(),
  CHAT_HISTORY_TOKENS: z.coerce.number('must be a number of tokens').int().min(500).max(1_000_000).default(8000),
  ADMIN_USERS: idList,
  ALLOWED_USERS: openList,
  ALLOWED_GUILDS: openList,
  TURNS_PER_HOUR: z.coerce.number('must be a number of messages').int().min(1).max(100_000).default(60),
  SERVICE_ADDRESSES: z.enum(['private-allowed', 'public-only'], 'must be private-allowed or public-only').optional(),
  SERVICE_TIMEOUT_MS: milliseconds(8000),
  ANSWER_TIMEOUT_MS: milliseconds(9000),
  SLOW_TIMEOUT_MS: milliseconds(120_000).pipe(z.number().max(120_000, 'must be at most 120000')),
  DATABASE_TIMEOUT_MS: milliseconds(15_000),
  MODEL_TIMEOUT_MS: milliseconds(60_000),
  AUTOCOMPLETE_TIMEOUT_MS: milliseconds(2000).pipe(
    z.number().max(2500, 'must be at most 2500: Discord waits 3 seconds'),
  ),
  BUTTON_TIMEOUT_MS: milliseconds(24 * 60 * 60 * 1000),
  LEASE_MS: milliseconds(30_000),
  EDIT_INTERVAL_MS: milliseconds(1200),
  FIRST_WORDS_MS: milliseconds(200),
  PROGRESS_INTERVAL_MS: milliseconds(15_000),
  PROGRESS_LIMIT_MS: milliseconds(7 * 24 * 60 * 60 * 1000),
  TOKEN_LIFE_MS: milliseconds(14 * 60_000).pipe(
    z.number().max(14 * 60_000, 'must be at most 840000: Discord accepts a token for 15 minutes'),
  ),
  STOP_TIMEOUT_MS: milliseconds(10_000),
  TOOL_CALL_DAYS: z.coerce.number('must be a number of days').int().min(1).max(36_500).default(90),
  HTTP_HOST: z.string().default('127.0.0.1'),
  HTTP_PORT: z.coerce.number('must be a port number').int().min(0).max(65_535).optional(),
  LOG_LEVEL: z
    .enum(
      ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'],
      'must be fatal, error, warn, info, debug, trace or silent',
    )
    .default('info'),
});

/** All settings, checked. Whether `discordToken` may be missing is for the caller to decide. */
export type Settings = {
  discordToken: string | undefined;
  discordApiUrl: string;
  /** The most calls with the bot's token in a second: 50, unless Discord has granted this bot more. */
  discordRequestsPerSecond: number;
  postgresUrl: string | undefined;
  /** PostgreSQL: how long it may be silent with a query open. */
  databaseSilenceMs: number;
  dataDir: string;
  /** Base64 keys as typed, comma-separated; undefined on the embedded database means the key file. */
  encryptionKey: string | undefined;
  model: { apiKey: string | undefined; baseUrl: string | undefined; model: string; api: 'responses' | 'chat' };
  historyTokens: number;
  adminUsers: readonly string[];
  allowedUsers: readonly string[];
  allowedGuilds: readonly string[];
  turnsPerHour: number;
  /** How long ended tool calls are kept. */
  toolCallDays: number;
  addressPolicy: AddressPolicy;
  limits: TimeLimits;
  /** Where health and metrics are served; without a port they are not. */
  httpHost: string;
  httpPort: number | undefined;
  logLevel: string;
};

/**
 * Reads `.env` and the environment. Throws one HostError that lists every fault, without the values.
 * An empty setting counts as not set, as in a copied `.env.example`.
 */
export function readSettings(environment?: Record<string, string | undefined>): Settings {
  if (environment === undefined) config({ quiet: true });
  const given = Object.entries(environment ?? process.env).filter(([, value]) => value?.trim());
  const parsed = environmentSchema.safeParse(Object.fromEntries(given));
  const names = new Set(given.map(([name]) => name));
  const faults = (parsed.error?.issues ?? []).map((issue) => `  ${String(issue.path[0])} ${issue.message}`);
  if (names.has('POSTGRES_URL') && !names.has('ENCRYPTION_KEY'))
    faults.push(
      '  ENCRYPTION_KEY must be set together with POSTGRES_URL: make one with `openssl rand -base64 32` and keep a copy',
    );
  if (!parsed.success || faults.length > 0)
    throw new HostError(`Correct these settings (see .env.example):\n${[...new Set(faults)].join('\n')}`);
  const value = parsed.data;
  return {
    discordToken: value.DISCORD_TOKEN?.replace(/^Bot\s+/i, '').trim(),
    discordApiUrl: value.DISCORD_API_URL.replace(/\/+$/, ''),
    discordRequestsPerSecond: value.DISCORD_REQUESTS_PER_SECOND,
    postgresUrl: value.POSTGRES_URL,
    databaseSilenceMs: value.DATABASE_TIMEOUT_MS,
    dataDir: value.DATA_DIR,
    encryptionKey: value.ENCRYPTION_KEY,
    model: {
      apiKey: value.OPENAI_API_KEY,
      baseUrl: value.OPENAI_BASE_URL,
      model: value.OPENAI_MODEL,
      api: value.OPENAI_API ?? (value.OPENAI_BASE_URL === undefined ? 'responses' : 'chat'),
    },
    historyTokens: value.CHAT_HISTORY_TOKENS,
    adminUsers: value.ADMIN_USERS,
    allowedUsers: value.ALLOWED_USERS,
    allowedGuilds: value.ALLOWED_GUILDS,
    turnsPerHour: value.TURNS_PER_HOUR,
    toolCallDays: value.TOOL_CALL_DAYS,
    // A bot that anyone may use must not be a way into its host's network.
    addressPolicy: value.SERVICE_ADDRESSES ?? (isOpen(value) ? 'public-only' : 'private-allowed'),
    limits: {
      serviceMs: value.SERVICE_TIMEOUT_MS,
      answerMs: value.ANSWER_TIMEOUT_MS,
      slowMs: value.SLOW_TIMEOUT_MS,
      modelMs: value.MODEL_TIMEOUT_MS,
      autocompleteMs: value.AUTOCOMPLETE_TIMEOUT_MS,
      buttonMs: value.BUTTON_TIMEOUT_MS,
      leaseMs: value.LEASE_MS,
      editMs: value.EDIT_INTERVAL_MS,
      firstWordsMs: value.FIRST_WORDS_MS,
      progressMs: value.PROGRESS_INTERVAL_MS,
      followMs: value.PROGRESS_LIMIT_MS,
      tokenMs: value.TOKEN_LIFE_MS,
      stopMs: value.STOP_TIMEOUT_MS,
    },
    httpHost: value.HTTP_HOST,
    httpPort: value.HTTP_PORT,
    logLevel: value.LOG_LEVEL,
  };
}

/** Whether strangers may use the bot: `*` includes servers that the host does not know. */
function isOpen(value: { ALLOWED_USERS: string[]; ALLOWED_GUILDS: string[] }): boolean {
  return [...value.ALLOWED_USERS, ...value.ALLOWED_GUILDS].includes('*');
}
