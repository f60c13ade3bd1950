import { ApplicationIntegrationType, InteractionContextType } from 'discord.js';
import { UserError } from '../errors.ts';
import { getServiceStatus } from '../tools/overview.ts';
import { escaped } from './cards/server-text.ts';
import { cardMessage, text } from './cards/title-face.ts';
import type { Command } from './command.ts';
import { runReadTool } from './run-read-tool.ts';
import { saveExchange } from './save-exchange.ts';

/** `/status`: all of a person's servers side by side; one that fails does not hide the others. */
export const status: Command = {
  definition: {
    name: 'status',
    description: 'Whether your servers work, their versions and what they hold',
    integration_types: [ApplicationIntegrationType.GuildInstall, ApplicationIntegrationType.UserInstall],
    contexts: [InteractionContextType.Guild, InteractionContextType.BotDM, InteractionContextType.PrivateChannel],
  },
  acknowledge: () => 'private-reply',
  async run(interaction, context) {
    const { services } = await runReadTool(context, interaction, { tool: getServiceStatus, input: {} });
    if (services.length === 0) throw new UserError('No server is set up for you yet. `/services configure` adds one.');
    const lines = services.map((one) =>
      one.works
        ? `✅ **${one.service}** ${escaped(one.version, 40)} · ${escaped(one.holds, 80)}${slow(one.ms)}`
        : `⚠️ **${one.service}:** ${one.problem}`,
    );
    await interaction.editReply(cardMessage([text(['## Your servers', ...lines].join('\n'))]));
    const parts = [{ type: 'text' as const, text: `Shown: ${lines.join('\n')}` }];
    await saveExchange(context, { interaction, commandText: '/status', parts });
  },
};

/** How long a server took is news only when it is long. */
function slow(ms: number): string {
  return ms < 1000 ? '' : ` · slow: ${(ms / 1000).toFixed(1)} s`;
}
