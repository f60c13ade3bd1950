import type { Json } from '../json.ts';
import { channelPayload, memberPayload, messagePayload, owners, userPayload } from './payloads.ts';
import { allPermissions, permissionsOfBot } from './permissions.ts';
import type { Account, Channel, DiscordState, Interaction, Message } from './state.ts';

/** The event INTERACTION_CREATE, with all that Discord says of who did what where. */
export function interactionEvent(
  state: DiscordState,
  interaction: Interaction,
  { account, channel, data, source }: { account: Account; channel: Channel; data: Json; source: Message | undefined },
): Json {
  const { guildId } = channel;
  const person =
    guildId === null
      ? { user: userPayload(account) }
      : {
          member: memberPayload(account),
          guild_id: guildId,
          guild: { id: guildId, locale: state.guildLocale, features: [] },
          guild_locale: state.guildLocale,
        };
  return {
    id: interaction.id,
    application_id: state.applicationId,
    type: interaction.type,
    data,
    token: interaction.token,
    version: 1,
    channel_id: channel.id,
    channel: { ...channelPayload(state, channel), permissions: String(allPermissions) },
    ...person,
    ...(source === undefined ? {} : { message: messagePayload(state, source) }),
    locale: account.locale,
    app_permissions: String(permissionsOfBot(state, channel)),
    entitlements: [],
    authorizing_integration_owners: owners(state, channel, account.id),
    // A DM of other people, where the bot is no member, is context 2.
    context: guildId !== null ? 0 : channel.recipientId === null ? 2 : 1,
    attachment_size_limit: 10_485_760,
  };
}
