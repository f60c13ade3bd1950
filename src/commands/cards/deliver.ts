import { InteractionContextType, type MessageComponentInteraction, MessageFlags } from 'discord.js';
import type { ToolCall } from '../../db/schema.ts';
import type { CommandContext } from '../command.ts';
import { nonceOf } from '../nonce.ts';
import { outcomesGoTo } from './request-defaults.ts';
import type { Delivered } from './start-following.ts';
import type { CardMessage } from './title-face.ts';

type Way = { name: 'channel' | 'DM' | 'follow-up'; edits: Delivered['way']; send(): Promise<Delivered['message']> };
/** `isDirect`: it is in a DM, not where the press was. */
type Outcome = Delivered & { isDirect: boolean };

/**
 * Writes how a call ended where the person wants to read it: in the channel, else as an answer to their press, else in a
 * DM. A way that Discord refuses is logged and the next one tried; never throws. Null when none was left.
 */
export async function deliverOutcome(
  context: CommandContext,
  interaction: MessageComponentInteraction,
  call: ToolCall,
  message: CardMessage,
): Promise<Outcome | null> {
  const channel: Way = { name: 'channel', edits: 'bot', send: () => sendToChannel(interaction, call, message) };
  const directMessage = directMessageOf(interaction, call, message);
  if (outcomesGoTo(context.user) === 'dm')
    return tryInTurn(context, call, [directMessage, followUp(interaction, message, 'private')]);
  return tryInTurn(context, call, [channel, followUp(interaction, message, 'public'), directMessage]);
}

/** Tells one person alone how their call ended, where the card could not be changed. Never throws. */
export async function deliverPrivately(
  context: CommandContext,
  interaction: MessageComponentInteraction,
  call: ToolCall,
  message: CardMessage,
): Promise<void> {
  const directMessage = directMessageOf(interaction, call, message);
  await tryInTurn(context, call, [followUp(interaction, message, 'private'), directMessage]);
}

async function tryInTurn(context: CommandContext, call: ToolCall, ways: readonly Way[]): Promise<Outcome | null> {
  for (const way of ways) {
    try {
      return { way: way.edits, message: await way.send(), isSigned: true, isDirect: way.name === 'DM' };
    } catch (error) {
      context.ledger.log.info({ callId: call.id, way: way.name, err: error }, 'an outcome could not be told this way');
    }
  }
  context.ledger.log.warn({ callId: call.id, status: call.status }, 'a person could not be told how their call ended');
  return null;
}

async function sendToChannel(interaction: MessageComponentInteraction, call: ToolCall, message: CardMessage) {
  const channel = interaction.channel ?? (await interaction.client.channels.fetch(interaction.channelId));
  if (!channel?.isSendable()) throw new Error('the channel takes no messages');
  return channel.send({ ...message, ...onceOnly(call) });
}

function directMessageOf(interaction: MessageComponentInteraction, call: ToolCall, message: CardMessage): Way {
  const send = () => interaction.user.send({ ...message, ...onceOnly(call) });
  return { name: 'DM', edits: 'bot', send };
}

function followUp(interaction: MessageComponentInteraction, message: CardMessage, to: 'public' | 'private'): Way {
  const flags: (MessageFlags.IsComponentsV2 | MessageFlags.Ephemeral)[] = [MessageFlags.IsComponentsV2];
  if (to === 'private' && interaction.context !== InteractionContextType.BotDM) flags.push(MessageFlags.Ephemeral);
  return { name: 'follow-up', edits: 'token', send: () => interaction.followUp({ ...message, flags }) };
}

/** A call has one outcome. */
function onceOnly(call: ToolCall) {
  return { nonce: nonceOf(call.id, 'o'), enforceNonce: true };
}
