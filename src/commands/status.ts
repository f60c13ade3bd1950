import { ApplicationIntegrationType, type ChatInputCommandInteraction, InteractionContextType } from 'discord.js';
import { UserError } from '../errors.ts';
import { serviceDefinitions } from '../services/registry.ts';
import { checkServices, getServiceStatus, type ServiceStatus } from '../tools/overview.ts';
import type { Stack } from '../tools/stack.ts';
import type { RunOptions } from '../tools/tool.ts';
import { escaped } from './cards/server-text.ts';
import { cardMessage, text } from './cards/title-face.ts';
import type { Command, CommandContext } from './command.ts';
import { runReadTool } from './run-read-tool.ts';
import { saveExchange } from './save-exchange.ts';
import { versionWords } from './services/words.ts';

/** `/status`: all of a person's servers side by side; one that fails or is slow does not hide the others. */
export const status: Command = {
  definition: {
    name: 'status',
    description: 'Whether your servers work, their versions and what they hold',
    integration_types: [ApplicationIntegrationType.GuildInstall, ApplicationIntegrationType.UserInstall],
    contexts: [InteractionContextType.Guild, InteractionContextType.BotDM, InteractionContextType.PrivateChannel],
  },
  acknowledge: () => 'private-reply',
  async run(interaction, context) {
    const run = (stack: Stack, _input: object, options: RunOptions) =>
      checkAndShow(interaction, context, stack, options);
    const { services } = await runReadTool(context, interaction, { tool: { ...getServiceStatus, run }, input: {} });
    if (services.length === 0) throw new UserError('No server is set up for you yet. `/services configure` adds one.');
    const lines = services.map(lineOf);
    await interaction.editReply(message(lines));
    const parts = [{ type: 'text' as const, text: `Shown: ${lines.join('\n')}` }];
    await saveExchange(context, { interaction, commandText: '/status', parts });
  },
};

/** Shows who has answered while the others are still waited for, once, after a quarter of what a server is given. */
async function checkAndShow(
  interaction: ChatInputCommandInteraction,
  context: CommandContext,
  stack: Stack,
  options: RunOptions,
): Promise<{ services: ServiceStatus[] }> {
  const answered = new Map<string, ServiceStatus>();
  const edits: Promise<unknown>[] = [];
  const showHalf = () => {
    if (answered.size === 0) return;
    const lines = stack.services.map((name) => {
      const { label } = serviceDefinitions[name];
      const there = answered.get(label);
      return there === undefined ? `⏳ **${label}:** no answer yet` : lineOf(there);
    });
    const logged = (error: unknown) => context.log.info({ err: error }, 'half of a status could not be shown');
    edits.push(interaction.editReply(message(lines)).catch(logged));
  };
  const timer = setTimeout(showHalf, context.limits.serviceMs / 4);
  try {
    return { services: await checkServices(stack, options, (one) => void answered.set(one.service, one)) };
  } finally {
    clearTimeout(timer);
    // The whole must not be overtaken by the half.
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
