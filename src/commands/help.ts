import { ApplicationIntegrationType, InteractionContextType } from 'discord.js';
import type { ServiceConfig } from '../db/schema.ts';
import { described } from '../languages/localizations.ts';
import { messages, type Say, sayInEnglish } from '../messages.ts';
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

/**
 * What a person without services is shown: three lines on what to do, and the buttons that do the first. `text` is what the
 * conversation keeps of it, for the model.
 */
export function welcomeCard(say: Say): { message: CardMessage; text: string } {
  const buttons = configureButton(say, ...serviceNames.slice(0, 5));
  return { message: cardMessage([text(firstSteps(say)), buttons]), text: firstSteps(sayInEnglish) };
}

type Usage = { others: readonly Command[]; configs: readonly ServiceConfig[]; locale: string | null; say: Say };

/** Every command with its description, and what can be said. */
function usage({ others, configs, locale, say }: Usage): string {
  return [...others.flatMap(({ definition: one }) => commandLines(one, locale)), talking(configs, say)].join('\n');
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
    const welcome = welcomeCard(context.say);
    const recorded = configs.length === 0 ? welcome.text : usage({ others, configs, locale: null, say: sayInEnglish });
    await saveExchange(context, { interaction, commandText: '/help', parts: [{ type: 'text', text: recorded }] });
    if (configs.length === 0) return void (await interaction.editReply(welcome.message));
    const missing = serviceNames.filter((name) => !configs.some(({ serviceName }) => serviceName === name)).slice(0, 5);
    const buttons = missing.length === 0 ? [] : [configureButton(context.say, ...missing)];
    const words = usage({ others, configs, locale: context.caller.locale, say: context.say });
    await interaction.editReply(cardMessage([text(words), ...buttons]));
  },
});
