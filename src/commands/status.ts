import { ApplicationIntegrationType, type ChatInputCommandInteraction, InteractionContextType } from 'discord.js';
import { UserError } from '../errors.ts';
import { serviceDefinitions } from '../services/registry.ts';
import { getServiceStatus, type ServiceStatus } from '../tools/health/get-service-status.ts';
import { escaped } from './cards/server-text.ts';
import { cardMessage, text } from './cards/title-face.ts';
import type { Command, CommandContext } from './command.ts';
import { ownStack } from './own-stack.ts';
import { runReadTool } from './run-read-tool.ts';
import { saveExchange } from './save-exchange.ts';
import { versionWords } from './services/words.ts';

/** `/status`: all of a person's servers side by side; one that fails or is slow does not hide the others. */
export const status: Command = {
  definition: {
    name: 'status',
    description: 'Whether your servers work, and their version and contents',
    integration_types: [ApplicationIntegrationType.GuildInstall, ApplicationIntegrationType.UserInstall],
    contexts: [InteractionContextType.Guild, InteractionContextType.BotDM, InteractionContextType.PrivateChannel],
  },
  acknowledge: () => 'private-reply',
  async run(interaction, context) {
    const services = await checkAndShow(interaction, context);
    if (services.length === 0) throw new UserError('No server is set up for you yet. `/services configure` adds one.');
    const lines = services.map(lineOf);
    await interaction.editReply(message(lines));
    const parts = [{ type: 'text' as const, text: `Shown: ${lines.join('\n')}` }];
    await saveExchange(context, { interaction, commandText: '/status', parts });
  },
};

/** Runs the checks. After a quarter of a server's time limit it shows, once, which servers have answered so far. */
async function checkAndShow(
  interaction: ChatInputCommandInteraction,
  context: CommandContext,
): Promise<ServiceStatus[]> {
  const { services: asked } = await ownStack(context);
  const answered = new Map<string, ServiceStatus>();
  const edits: Promise<unknown>[] = [];
  const showHalf = () => {
    if (answered.size === 0) return;
    const lines = asked.map(({ name }) => {
      const { label } = serviceDefinitions[name];
      const there = answered.get(label);
      return there === undefined ? `⏳ **${label}:** no answer yet` : lineOf(there);
    });
    const logged = (error: unknown) => context.ledger.log.info({ err: error }, 'a partial status could not be shown');
    edits.push(interaction.editReply(message(lines)).catch(logged));
  };
  const timer = setTimeout(showHalf, context.ledger.limits.serviceMs / 4);
  try {
    const onAnswer = (one: ServiceStatus) => void answered.set(one.service, one);
    const request = { tool: getServiceStatus, input: {}, extras: { onAnswer } };
    return (await runReadTool(context, interaction, request)).services;
  } finally {
    clearTimeout(timer);
    // The partial status must not arrive after the complete one.
    await Promise.all(edits);
  }
}

function message(lines: readonly string[]) {
  return cardMessage([text(['## Your servers', ...lines].join('\n'))]);
}

function lineOf(one: ServiceStatus): string {
  return one.works
    ? `✅ **${one.service}** · ${escaped(one.holds, 80)}\n-# ${versionWords(one.version)}${slow(one.ms)}`
    : `⚠️ **${one.service}:** ${one.problem}`;
}

/** How long a server took is news only when it is long. */
function slow(ms: number): string {
  return ms < 1000 ? '' : ` · slow: ${(ms / 1000).toFixed(1)} s`;
}
