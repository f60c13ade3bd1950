import { ApplicationIntegrationType, InteractionContextType } from 'discord.js';
import type { ServiceConfig } from '../db/schema.ts';
import { sayInEnglish } from '../messages.ts';
import { serviceNames } from '../services/registry.ts';
import { tools, toolsOf } from '../tools/registry.ts';
import { fewExamples } from '../tools/sentences.ts';
import type { AnyTool } from '../tools/tool.ts';
import { type CardMessage, cardMessage, text } from './cards/title-face.ts';
import type { Command } from './command.ts';
import { commandLines } from './command-lines.ts';
import { saveExchange } from './save-exchange.ts';
import { configureButton } from './services/configure-button.ts';

const firstSteps = [
  '**1.** Set up your server with a button below (or `/services configure`): its address and key, which only you see.',
  '**2.** Request a title with `/request movie` or `/request tv`.',
  `**3.** Or just write to me${examplesOf(Object.values(tools))}`,
].join('\n');

/** What this person can say, as far as their servers are switched on. */
function talking(configs: readonly ServiceConfig[]): string {
  const offered = toolsOf({ has: (name) => configs.some((config) => config.serviceName === name && config.isEnabled) });
  return `**Or just write to me** here, or mention me in a server${examplesOf(offered)}`;
}

function examplesOf(offered: readonly AnyTool[]): string {
  const examples = fewExamples(offered, 3).map((sentence) => `“${sentence}”`);
  return examples.length === 0 ? '.' : `: ${examples.join(', ')}`;
}

/** What a person without services is shown: three lines on what to do, and the buttons that do the first. */
export function welcomeCard(): { message: CardMessage; text: string } {
  return {
    message: cardMessage([text(firstSteps), configureButton(sayInEnglish, ...serviceNames.slice(0, 5))]),
    text: firstSteps,
  };
}

const definition: Command['definition'] = {
  name: 'help',
  description: 'What this bot does and how to get started',
  integration_types: [ApplicationIntegrationType.GuildInstall, ApplicationIntegrationType.UserInstall],
  contexts: [InteractionContextType.Guild, InteractionContextType.BotDM, InteractionContextType.PrivateChannel],
};

/** `/help`: the other commands, each with the description that Discord shows too. */
export const helpFor = (others: readonly Command[]): Command => ({
  definition,
  acknowledge: () => 'private-reply',
  async run(interaction, context) {
    const { configs } = context.arrival;
    const usage = [...others.flatMap(({ definition: one }) => commandLines(one)), talking(configs)].join('\n');
    const words = configs.length === 0 ? firstSteps : usage;
    await saveExchange(context, { interaction, commandText: '/help', parts: [{ type: 'text', text: words }] });
    const missing = serviceNames.filter((name) => !configs.some(({ serviceName }) => serviceName === name)).slice(0, 5);
    const buttons = missing.length === 0 ? [] : [configureButton(context.say, ...missing)];
    await interaction.editReply(configs.length === 0 ? welcomeCard().message : cardMessage([text(usage), ...buttons]));
  },
});
