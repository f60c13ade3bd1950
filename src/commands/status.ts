import { ApplicationIntegrationType, type ChatInputCommandInteraction, InteractionContextType } from 'discord.js';
import { UserError } from '../errors.ts';
import { described } from '../languages/localizations.ts';
import { messages, type Say, sayInEnglish } from '../messages.ts';
import { serviceDefinitions } from '../services/registry.ts';
import { getServiceStatus, type ServiceStatus } from '../tools/health/get-service-status.ts';
import { escaped } from './cards/server-text.ts';
import { cardMessage, text } from './cards/title-face.ts';
import type { Command, CommandContext } from './command.ts';
import { ownStack } from './own-stack.ts';
import { runReadTool } from './run-read-tool.ts';
import { saveExchange } from './save-exchange.ts';
import { versionWords } from './services/words.ts';

export const statusDefinition = messages('status_definition', {
  whetherYourServersWork: 'Whether your servers work, and their version and contents',
});

export const statusMessages = messages('status_command', {
  noServer: 'No server is set up for you yet. `/services configure` adds one.',
  noAnswerYet: '⏳ **{server}:** no answer yet',
  heading: '## Your servers',
  slow: 'slow: {seconds} s',
  /** What the conversation keeps of it, for the model. */
  shown: 'Shown: {lines}',
});

/** `/status`: all of a person's servers side by side; one that fails or is slow does not hide the others. */
export const status: Command = {
  definition: {
    name: 'status',
    ...described(statusDefinition.whetherYourServersWork),
    integration_types: [ApplicationIntegrationType.GuildInstall, ApplicationIntegrationType.UserInstall],
    contexts: [InteractionContextType.Guild, InteractionContextType.BotDM, InteractionContextType.PrivateChannel],
  },
  acknowledge: () => 'private-reply',
  async run(interaction, context) {
    const services = await checkAndShow(interaction, context);
    if (services.length === 0) throw new UserError((say) => say(statusMessages.noServer));
    const lines = services.map((one) => lineOf(one, context.say));
    await interaction.editReply(message(lines, context.say));
    const parts = [{ type: 'text' as const, text: sayInEnglish(statusMessages.shown, { lines: lines.join('\n') }) }];
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
      return there === undefined
        ? context.say(statusMessages.noAnswerYet, { server: label })
        : lineOf(there, context.say);
    });
    const logged = (error: unknown) => context.ledger.log.info({ err: error }, 'a partial status could not be shown');
    edits.push(interaction.editReply(message(lines, context.say)).catch(logged));
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

function message(lines: readonly string[], say: Say) {
  return cardMessage([text([say(statusMessages.heading), ...lines].join('\n'))]);
}

function lineOf(one: ServiceStatus, say: Say): string {
  return one.works
    ? `✅ **${one.service}** · ${escaped(one.holds, 80)}\n-# ${versionWords(one.version)}${slow(one.ms, say)}`
    : `⚠️ **${one.service}:** ${one.problem}`;
}

/** How long a server took is news only when it is long. */
function slow(ms: number, say: Say): string {
  return ms < 1000 ? '' : ` · ${say(statusMessages.slow, { seconds: (ms / 1000).toFixed(1) })}`;
}
