import { ApplicationIntegrationType, InteractionContextType } from 'discord.js';
import { described } from '../languages/localizations.ts';
import { messages, sayInEnglish } from '../messages.ts';
import type { Command } from './command.ts';
import { downloadsHandler, readDownloads } from './downloads/press.ts';
import { downloadsView } from './downloads/view.ts';
import { saveExchange } from './save-exchange.ts';

export const downloadsDefinition = messages('downloads_definition', {
  whatIsDownloadingHow: 'What is downloading, how far it is; pause and resume',
});

/** What the conversation keeps of it, for the model. */
export const downloadsMessages = messages('downloads_command', {
  shown: 'Shown: {words}.',
  shownNothing: 'Shown: nothing is downloading.',
});

/** `/downloads`: queues and torrents in one list, with progress bars and buttons to pause and resume. */
export const downloads: Command = {
  definition: {
    name: 'downloads',
    ...described(downloadsDefinition.whatIsDownloadingHow),
    integration_types: [ApplicationIntegrationType.GuildInstall, ApplicationIntegrationType.UserInstall],
    contexts: [InteractionContextType.Guild, InteractionContextType.BotDM, InteractionContextType.PrivateChannel],
  },
  acknowledge: () => 'private-reply',
  async run(interaction, context) {
    const found = await readDownloads(context, interaction);
    await interaction.editReply(downloadsView(found, { owner: interaction.user.id, page: 0, say: context.say }));
    const words = found.downloads.map(({ title, percent }) => `${title} (${percent} %)`).join(', ');
    const shown =
      words === '' ? sayInEnglish(downloadsMessages.shownNothing) : sayInEnglish(downloadsMessages.shown, { words });
    const problems = found.problems.map((problem) => problem(sayInEnglish));
    const parts = [{ type: 'text' as const, text: [shown, ...problems].join(' ').slice(0, 2000) }];
    await saveExchange(context, { interaction, commandText: '/downloads', parts });
  },
  components: { downloads: downloadsHandler },
};
