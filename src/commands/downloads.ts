import { ApplicationIntegrationType, InteractionContextType } from 'discord.js';
import type { Command } from './command.ts';
import { downloadsHandler, readDownloads } from './downloads/press.ts';
import { downloadsView } from './downloads/view.ts';
import { saveExchange } from './save-exchange.ts';

/** `/downloads`: queues and torrents in one list, with progress bars and buttons to pause and resume. */
export const downloads: Command = {
  definition: {
    name: 'downloads',
    description: 'What is downloading, how far it is; pause and resume',
    integration_types: [ApplicationIntegrationType.GuildInstall, ApplicationIntegrationType.UserInstall],
    contexts: [InteractionContextType.Guild, InteractionContextType.BotDM, InteractionContextType.PrivateChannel],
  },
  acknowledge: () => 'private-reply',
  async run(interaction, context) {
    const found = await readDownloads(context, interaction);
    await interaction.editReply(downloadsView(found, { owner: interaction.user.id, page: 0 }));
    const words = found.downloads.map(({ title, percent }) => `${title} (${percent} %)`).join(', ');
    const shown = `Shown: ${words === '' ? 'nothing is downloading' : words}.`;
    const parts = [{ type: 'text' as const, text: [shown, ...found.problems].join(' ').slice(0, 2000) }];
    await saveExchange(context, { interaction, commandText: '/downloads', parts });
  },
  components: { downloads: downloadsHandler },
};
