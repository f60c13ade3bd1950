import { type BaseInteraction, type MessageComponentInteraction, MessageFlags } from 'discord.js';
import { UserError } from '../../errors.ts';
import { getDownloadQueue } from '../../tools/downloads.ts';
import { pressToolCall, queueToolCall } from '../../tools/ledger.ts';
import { openStack } from '../../tools/stack.ts';
import { inOrder } from '../cards/in-order.ts';
import { titleOfOutput } from '../cards/outcome-words.ts';
import { escaped } from '../cards/server-text.ts';
import type { CommandContext, ComponentHandler } from '../command.ts';
import { runReadTool } from '../run-read-tool.ts';
import { type Downloads, downloadsView } from './view.ts';

/** What is downloading now. Throws UserError with what failed, or what to set up. */
export async function readDownloads(
  context: CommandContext,
  interaction: Pick<BaseInteraction, 'id'>,
): Promise<Downloads> {
  const stack = await openStack(context, { actorId: context.user.id, ownerId: context.user.id });
  if (!getDownloadQueue.services.some((service) => stack.has(service)))
    throw new UserError(
      'None of Radarr, Sonarr and qBittorrent is set up for you. Add one with `/services configure`, then try again.',
    );
  return runReadTool(context, interaction, { tool: getDownloadQueue, input: {} });
}

/** `downloads:<whose>:<refresh | pause | resume | back | next | one>:<page>` */
export const downloadsHandler: ComponentHandler = {
  acknowledge: 'update',
  async run(interaction, [owner = '', action = '', page = '0'], context) {
    if (!interaction.isMessageComponent()) return;
    if (interaction.user.id !== owner) {
      const content = 'These downloads are someone else’s. Type `/downloads` for your own.';
      await interaction.followUp({ content, flags: MessageFlags.Ephemeral, allowedMentions: { parse: [] } });
      return;
    }
    // The message shows what the last press came to, and the server ends as that one says.
    await inOrder(interaction.message.id, async () => {
      const change = changeOf(interaction, action);
      const done = change === null ? {} : { done: await act(context, interaction, change) };
      const found = await readDownloads(context, interaction);
      await interaction.editReply(downloadsView(found, { owner, page: Number(page) || 0, ...done }));
    });
  },
};

type Change = { toolName: 'pause_torrents' | 'resume_torrents'; torrents: 'all' | string[] };

function changeOf(interaction: MessageComponentInteraction, action: string): Change | null {
  if (action === 'pause') return { toolName: 'pause_torrents', torrents: 'all' };
  if (action === 'resume') return { toolName: 'resume_torrents', torrents: 'all' };
  if (action !== 'one' || !interaction.isStringSelectMenu()) return null;
  const [verb, hash = ''] = (interaction.values[0] ?? '').split(':');
  return { toolName: verb === 'resume' ? 'resume_torrents' : 'pause_torrents', torrents: [hash] };
}

/** The person pressed it themselves: it goes through the ledger once, without a further card. Gives what came of it. */
async function act(
  context: CommandContext,
  interaction: MessageComponentInteraction,
  { toolName, torrents }: Change,
): Promise<string> {
  const actorId = context.user.id;
  const waiting = await queueToolCall(context, {
    toolName,
    input: { torrents },
    actorId,
    ownerId: actorId,
    chatId: null,
    messageId: null,
    dedupeKey: interaction.id,
  });
  const result = await pressToolCall(context, { id: waiting.id, actorId, signal: context.signal });
  const call = result.kind === 'done' || result.kind === 'already' ? result.call : waiting;
  if (call.status === 'succeeded') {
    const title = titleOfOutput(call.output);
    const words = toolName === 'pause_torrents' ? '⏸️ Paused' : '▶️ Resumed';
    return title === null ? `${words}.` : `${words}: ${escaped(title.title, 110)}`;
  }
  return `⚠️ ${call.error ?? 'That is still being done. Press Refresh in a moment.'}`;
}
