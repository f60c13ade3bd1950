import { ApplicationIntegrationType, InteractionContextType } from 'discord.js';
import type { ServiceConfig } from '../db/schema.ts';
import { described } from '../languages/localizations.ts';
import { messages, type Say } from '../messages.ts';
import { serviceNames } from '../services/registry.ts';
import { tools, toolsOf } from '../tools/registry.ts';
import { fewExamples } from '../tools/sentences.ts';
import type { AnyTool } from '../tools/tool.ts';
import { type CardMessage, cardMessage, text } from './cards/title-face.ts';
import type { Command } from './command.ts';
import { commandLines } from './command-lines.ts';
import { saveExchange } from './save-exchange.ts';
import { configureButton } from './services/configure-button.ts';

export const helpDefinition = messages('help_definition', {
  whatThisBotDoes: 'What this bot does and how to get started',
});

export const helpMessages = messages('help_command', {
  setUp:
    '**1.** Set up your server with a button below (or `/services configure`): its address and key, which only you see.',
  request: '**2.** Request a title with `/request movie` or `/request tv`.',
  write: '**3.** Or just write to me: {examples}',
  talk: '**Or just write to me** here, or mention me in a server: {examples}',
  talkOnly: '**Or just write to me** here, or mention me in a server.',
});

function firstSteps(say: Say): string {
  const examples = examplesOf(Object.values(tools));
  return [say(helpMessages.setUp), say(helpMessages.request), say(helpMessages.write, { examples })].join('\n');
}

/** What this person can say, as far as their servers are switched on. */
function talking(configs: readonly ServiceConfig[], say: Say): string {
  const offered = toolsOf({ has: (name) => configs.some((config) => config.serviceName === name && config.isEnabled) });
  const examples = examplesOf(offered);
  return examples === '' ? say(helpMessages.talkOnly) : say(helpMessages.talk, { examples });
}

function examplesOf(offered: readonly AnyTool[]): string {
  return fewExamples(offered, 3)
    .map((sentence) => `“${sentence}”`)
    .join(', ');
}

/** What a person without services is shown: three lines on what to do, and the buttons that do the first. */
export function welcomeCard(say: Say): { message: CardMessage; text: string } {
  const words = firstSteps(say);
  return { message: cardMessage([text(words), configureButton(say, ...serviceNames.slice(0, 5))]), text: words };
}

const definition: Command['definition'] = {
  name: 'help',
  ...described(helpDefinition.whatThisBotDoes),
  integration_types: [ApplicationIntegrationType.GuildInstall, ApplicationIntegrationType.UserInstall],
  contexts: [InteractionContextType.Guild, InteractionContextType.BotDM, InteractionContextType.PrivateChannel],
};

/** `/help`: the other commands, each with the description that Discord shows too. */
export const helpFor = (others: readonly Command[]): Command => ({
  definition,
  acknowledge: () => 'private-reply',
  async run(interaction, context) {
    const { configs } = context.arrival;
    const usage = [
      ...others.flatMap(({ definition: one }) => commandLines(one, context.caller.locale)),
      talking(configs, context.say),
    ].join('\n');
    const words = configs.length === 0 ? firstSteps(context.say) : usage;
    await saveExchange(context, { interaction, commandText: '/help', parts: [{ type: 'text', text: words }] });
    const missing = serviceNames.filter((name) => !configs.some(({ serviceName }) => serviceName === name)).slice(0, 5);
    const buttons = missing.length === 0 ? [] : [configureButton(context.say, ...missing)];
    await interaction.editReply(
      configs.length === 0 ? welcomeCard(context.say).message : cardMessage([text(usage), ...buttons]),
    );
  },
});
