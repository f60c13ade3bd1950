import type { BaseInteraction, MessageComponentInteraction } from 'discord.js';
import { UserError } from '../../errors.ts';
import { messages, type Saying } from '../../messages.ts';
import { getDownloadQueue } from '../../tools/downloads/get-download-queue.ts';
import { pressToolCall, queueToolCall } from '../../tools/ledger.ts';
import { openStack } from '../../tools/stack.ts';
import { presses } from '../cards/in-order.ts';
import { escaped } from '../cards/server-text.ts';
import { titleOfOutput } from '../cards/title-of-output.ts';
import type { CommandContext, ComponentHandler } from '../command.ts';
import { isNotYours } from '../not-yours.ts';
import { runReadTool } from '../run-read-tool.ts';
import { type Downloads, downloadsView } from './view.ts';

export const downloadsPressMessages = messages('downloads_presses', {
  notSetUp: 'You have not set up Radarr, Sonarr or qBittorrent. Add one with `/services configure`, then try again.',
  paused: '⏸️ Paused.',
  resumed: '▶️ Resumed.',
  pausedOne: '⏸️ Paused: {title}',
  resumedOne: '▶️ Resumed: {title}',
  running: 'That is still running. Press Refresh in a moment.',
});

/** What is downloading now. Throws UserError with what failed, or what to set up. */
export async function readDownloads(
  context: CommandContext,
  interaction: Pick<BaseInteraction, 'id'>,
): Promise<Downloads> {
  const stack = await openStack(context.ledger, context.caller);
  if (!getDownloadQueue.services.some((service) => stack.has(service)))
    throw new UserError((say) => say(downloadsPressMessages.notSetUp));
  const problems: Saying[] = [];
  const extras = { onProblem: (problem: Saying) => void problems.push(problem) };
  return { ...(await runReadTool(context, interaction, { tool: getDownloadQueue, input: {}, extras })), problems };
}

/** `downloads:<whose>:<refresh | pause | resume | back | next | one>:<page>` */
export const downloadsHandler: ComponentHandler = {
  acknowledge: 'update',
  async run(interaction, [owner = '', action = '', page = '0'], context) {
    if (!interaction.isMessageComponent()) return;
    if (await isNotYours(interaction, context, owner)) return;
    // One after the other, so that the message and the server both end as the last press says.
    await presses.run(interaction.message.id, async () => {
      const change = changeOf(interaction, action);
      const done = change === null ? {} : { done: await act(context, interaction, change) };
      const found = await readDownloads(context, interaction);
      await interaction.editReply(downloadsView(found, { owner, page: Number(page) || 0, say: context.say, ...done }));
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

/** Runs the pressed change through the ledger, once and without another card. Gives the result in words. */
async function act(
  context: CommandContext,
  interaction: MessageComponentInteraction,
  { toolName, torrents }: Change,
): Promise<string> {
  const { say } = context;
  const stack = await openStack(context.ledger, context.caller);
  const waiting = await queueToolCall(context.ledger, {
    toolName,
    input: { torrents },
    stack,
    chatId: null,
    messageId: null,
    dedupeKey: interaction.id,
  });
  const result = await pressToolCall(context.ledger, { id: waiting.id, stack, signal: context.signal });
  if (result.kind === 'refused') return `⚠️ ${result.words(context.say)}`;
  const call = result.kind === 'done' || result.kind === 'already' ? result.call : waiting;
  if (call.status === 'succeeded') {
    const title = titleOfOutput(call.output);
    const isPause = toolName === 'pause_torrents';
    if (title === null) return say(isPause ? downloadsPressMessages.paused : downloadsPressMessages.resumed);
    return say(isPause ? downloadsPressMessages.pausedOne : downloadsPressMessages.resumedOne, {
      title: escaped(title.title, 110),
    });
  }
  return `⚠️ ${call.error ?? say(downloadsPressMessages.running)}`;
}
