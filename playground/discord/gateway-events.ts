import { isObject, type Json } from '../json.ts';
import { channelPayload, memberPayload, userPayload } from './payloads.ts';
import { allPermissions } from './permissions.ts';
import type { DiscordState } from './state.ts';

const guilds = 1 << 0;
const guildMessages = 1 << 9;
const guildReactions = 1 << 10;
const directMessages = 1 << 12;
const directReactions = 1 << 13;
const messageContent = 1 << 15;
const privileged = (1 << 1) | (1 << 8) | messageContent;
/** All intents that there are. */
const known = 0x331ffff;

/** What is wrong with a client's intents: the close code and reason, or null. */
export function refuseIntents(state: DiscordState, intents: unknown): { code: number; reason: string } | null {
  if (typeof intents !== 'number' || !Number.isInteger(intents) || (intents & ~known) !== 0)
    return { code: 4013, reason: 'Invalid intent(s).' };
  const granted = (state.applicationFlags & (1 << 19)) === 0 ? 0 : messageContent;
  return (intents & privileged & ~granted) === 0 ? null : { code: 4014, reason: 'Disallowed intent(s).' };
}

type Listener = { intents: number; shard: readonly [id: number, count: number] };

/** What a client hears of an event, or null when it did not ask for its kind or another shard gets it. */
export function heard({ intents, shard }: Listener, t: string, d: Json, botId: string): Json | null {
  const guildId = typeof d.guild_id === 'string' ? d.guild_id : null;
  if (shardOf(guildId, shard[1]) !== shard[0]) return null;
  if (t.startsWith('CHANNEL_')) return (intents & guilds) === 0 ? null : d;
  if (!t.startsWith('MESSAGE_')) return d;
  if (t.startsWith('MESSAGE_REACTION_'))
    return (intents & (guildId === null ? directReactions : guildReactions)) === 0 ? null : d;
  if ((intents & (guildId === null ? directMessages : guildMessages)) === 0) return null;
  if (guildId === null || (intents & messageContent) !== 0 || t === 'MESSAGE_DELETE') return d;
  const mentions = Array.isArray(d.mentions) ? d.mentions : [];
  const isForBot = mentions.some((user) => isObject(user) && user.id === botId);
  const isOwn = isObject(d.author) && d.author.id === botId;
  return isForBot || isOwn ? d : { ...d, content: '', embeds: [], attachments: [], components: [] };
}

/** Discord's rule: (guild id >> 22) % number of shards; what has no guild goes to the first. */
function shardOf(guildId: string | null, count: number): number {
  return guildId === null ? 0 : Number((BigInt(guildId) >> 22n) % BigInt(count));
}

/** What a client is sent when it has identified: READY, and the server if it asked for servers. */
export function greeting(
  state: DiscordState,
  session: Listener & { id: string; resumeUrl: string },
): { t: string; d: Json }[] {
  const [shardId, shardCount] = session.shard;
  const hasGuild = (session.intents & guilds) !== 0 && shardOf(state.guildId, shardCount) === shardId;
  const ready = {
    v: 10,
    user: userPayload(state.bot),
    session_id: session.id,
    resume_gateway_url: session.resumeUrl,
    shard: session.shard,
    guilds: hasGuild ? [{ id: state.guildId, unavailable: true }] : [],
    application: { id: state.applicationId, flags: state.applicationFlags },
  };
  const events: { t: string; d: Json }[] = [{ t: 'READY', d: ready }];
  if (hasGuild) events.push({ t: 'GUILD_CREATE', d: guildPayload(state) });
  return events;
}

function guildPayload(state: DiscordState): Json {
  const channels = [...state.channels.values()].filter((channel) => channel.guildId === state.guildId);
  const everyone = {
    id: state.guildId,
    name: '@everyone',
    permissions: String(allPermissions),
    position: 0,
    color: 0,
    hoist: false,
    managed: false,
    mentionable: false,
  };
  return {
    id: state.guildId,
    name: 'Playground',
    owner_id: state.ownerId ?? state.bot.id,
    channels: channels.map((channel) => channelPayload(state, channel)),
    roles: [everyone],
    members: [memberPayload(state.bot)],
    member_count: state.accounts.size,
    emojis: [],
    stickers: [],
    features: [],
    threads: [],
    presences: [],
    voice_states: [],
    stage_instances: [],
    guild_scheduled_events: [],
    preferred_locale: state.guildLocale,
    joined_at: '2026-01-01T00:00:00.000Z',
    large: false,
    unavailable: false,
  };
}
