import { InteractionContextType, type MessageComponentInteraction, MessageFlags } from 'discord.js';
import type { ToolCall } from '../../db/schema.ts';
import type { CommandContext } from '../command.ts';
import { outcomesGoTo } from './request-defaults.ts';
import type { CardMessage } from './title-face.ts';

type Way = { name: string; send(): Promise<unknown> };

/**
 * Writes how a call ended where the person wants to read it: in the channel, else as an answer to their press, else in a
 * DM. A way that Discord refuses is logged and the next one tried; never throws.
 */
export async function deliverOutcome(
  context: CommandContext,
  interaction: MessageComponentInteraction,
  call: ToolCall,
  message: CardMessage,
): Promise<void> {
  const channel = { name: 'channel', send: () => sendToChannel(interaction, call, message) };
  const directMessage = { name: 'DM', send: () => sendDirectMessage(interaction, call, message) };
  if (outcomesGoTo(context.user) === 'dm')
    await tryInTurn(context, call, [directMessage, followUp(interaction, message, 'private')]);
  else await tryInTurn(context, call, [channel, followUp(interaction, message, 'public'), directMessage]);
}

/** Tells one person alone how their call ended, where the card could not be changed. Never throws. */
export async function deliverPrivately(
  context: CommandContext,
  interaction: MessageComponentInteraction,
  call: ToolCall,
  message: CardMessage,
): Promise<void> {
  const directMessage = { name: 'DM', send: () => sendDirectMessage(interaction, call, message) };
  await tryInTurn(context, call, [followUp(interaction, message, 'private'), directMessage]);
}

async function tryInTurn(context: CommandContext, call: ToolCall, ways: readonly Way[]): Promise<void> {
  for (const way of ways) {
    try {
      await way.send();
      return;
    } catch (error) {
      context.log.info({ callId: call.id, way: way.name, err: error }, 'an outcome could not be told this way');
    }
  }
  context.log.warn({ callId: call.id, status: call.status }, 'a person could not be told how their call ended');
}

async function sendToChannel(interaction: MessageComponentInteraction, call: ToolCall, message: CardMessage) {
  const channel = interaction.channel ?? (await interaction.client.channels.fetch(interaction.channelId));
  if (!channel?.isSendable()) throw new Error('the channel takes no messages');
  await channel.send({ ...message, ...onceOnly(call) });
}

async function sendDirectMessage(interaction: MessageComponentInteraction, call: ToolCall, message: CardMessage) {
  await interaction.user.send({ ...message, ...onceOnly(call) });
}

function followUp(interaction: MessageComponentInteraction, message: CardMessage, to: 'public' | 'private'): Way {
  const flags: (MessageFlags.IsComponentsV2 | MessageFlags.Ephemeral)[] = [MessageFlags.IsComponentsV2];
  if (to === 'private' && interaction.context !== InteractionContextType.BotDM) flags.push(MessageFlags.Ephemeral);
  return { name: 'follow-up', send: () => interaction.followUp({ ...message, flags }) };
}

/** A repeated create with the same nonce posts once: a call has one outcome. */
function onceOnly(call: ToolCall) {
  return { nonce: call.id.replaceAll('-', '').slice(0, 25), enforceNonce: true };
}
