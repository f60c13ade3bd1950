import type { Channel, DiscordState } from './state.ts';

export const viewChannel = 1n << 10n;
export const sendMessages = 1n << 11n;
export const attachFiles = 1n << 15n;
export const readHistory = 1n << 16n;

/** What everyone has in the playground's servers and DMs. */
export const allPermissions = (1n << 31n) - 1n;

/** What the bot may do in a channel, as permission bits: nothing where it is no member. */
export function permissionsOfBot(state: DiscordState, channel: Channel): bigint {
  return state.isMember(channel) ? allPermissions & ~channel.deniedToBot : 0n;
}

/** Whether the bot sees a channel: if not, it gets no events of it and 50001 for each request. */
export function botSees(state: DiscordState, channel: Channel): boolean {
  return (permissionsOfBot(state, channel) & viewChannel) !== 0n;
}
