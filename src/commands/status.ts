import { ApplicationIntegrationType, type ChatInputCommandInteraction, InteractionContextType } from 'discord.js';
import { UserError } from '../errors.ts';
import { described } from '../languages/localizations.ts';
import { messages, type Say, type Saying, sayInEnglish } from '../messages.ts';
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
  slow: 'slow: {seconds, number, ::.0 group-off} s',
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
    const linesIn = (say: Say) => services.map((line) => line(say));
    await interaction.editReply(message(linesIn(context.say), context.say));
    const lines = linesIn(sayInEnglish).join('\n');
    const parts = [{ type: 'text' as const, text: sayInEnglish(statusMessages.shown, { lines }) }];
    await saveExchange(context, { interaction, commandText: '/status', parts });
  },
};

/** Runs the checks, and gives a line for each server. After a quarter of a server's time limit it shows, once, those that answered so far. */
async function checkAndShow(interaction: ChatInputCommandInteraction, context: CommandContext): Promise<Saying[]> {
  const { services: asked } = await ownStack(context);
  const answered = new Map<string, Saying>();
  const { say } = context;
  const edits: Promise<unknown>[] = [];
  const showHalf = () => {
    if (answered.size === 0) return;
    const lines = asked.map(({ name }) => {
      const { label } = serviceDefinitions[name];
      return answered.get(label)?.(say) ?? say(statusMessages.noAnswerYet, { server: label });
    });
    const logged = (error: unknown) => context.ledger.log.info({ err: error }, 'a partial status could not be shown');
    edits.push(interaction.editReply(message(lines, say)).catch(logged));
  };
  const timer = setTimeout(showHalf, context.ledger.limits.serviceMs / 4);
  try {
    const onAnswer = (one: ServiceStatus, problem: Saying | null) =>
      void answered.set(one.service, (saying) => lineOf(one, problem, saying));
    const request = { tool: getServiceStatus, input: {}, extras: { onAnswer } };
    const { services } = await runReadTool(context, interaction, request);
    return services.flatMap(({ service }) => answered.get(service) ?? []);
  } finally {
    clearTimeout(timer);
    // The partial status must not arrive after the complete one.
    await Promise.all(edits);
  }
}

function message(lines: readonly string[], say: Say) {
  return cardMessage([text([say(statusMessages.heading), ...lines].join('\n'))]);
}

function lineOf(one: ServiceStatus, problem: Saying | null, say: Say): string {
  return one.works
    ? `✅ **${one.service}** · ${escaped(one.holds, 80)}\n-# ${versionWords(one.version)}${slow(one.ms, say)}`
    : `⚠️ **${one.service}:** ${problem?.(say) ?? one.problem}`;
}

/** How long a server took is news only when it is long. */
function slow(ms: number, say: Say): string {
  return ms < 1000 ? '' : ` · ${say(statusMessages.slow, { seconds: ms / 1000 })}`;
}
