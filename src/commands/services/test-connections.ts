import type { ChatInputCommandInteraction } from 'discord.js';
import type { ServiceConfig } from '../../db/schema.ts';
import { sayInEnglish } from '../../messages.ts';
import { isServiceName, serviceDefinitions } from '../../services/registry.ts';
import { describeError, isExpected } from '../../tools/describe-error.ts';
import { chosenUser } from '../../tools/stack.ts';
import { storedKey } from '../../tools/stored-key.ts';
import { cardMessage, text } from '../cards/title-face.ts';
import type { CommandContext } from '../command.ts';
import { userButton } from './choose-user.ts';
import { noteAttempt } from './last-check.ts';
import { record } from './record.ts';
import { notThere, sayNothingThere, storedServices, typedServiceName } from './stored.ts';
import { tryConnection } from './try-connection.ts';
import { checkedWords, labelOf } from './words.ts';

/** `/services test`: one or all, side by side, the ones that are switched off too. */
export async function testServices(interaction: ChatInputCommandInteraction, context: CommandContext): Promise<void> {
  const service = interaction.options.getString('service');
  const wanted = service === null ? null : typedServiceName(service);
  const configs = storedServices(context).filter(({ serviceName }) => wanted === null || serviceName === wanted);
  if (configs.length === 0) {
    if (wanted === null) return sayNothingThere(interaction, context);
    throw notThere(wanted);
  }
  const results = await Promise.all(configs.map((config) => testOne(context, config)));
  await record(interaction, context, {
    subcommand: 'test',
    service,
    words: results.map(({ line, recorded = line }) => recorded).join('\n'),
  });
  const withoutUser = configs.flatMap(({ serviceName, isEnabled, options }, index) => {
    if (!isServiceName(serviceName) || serviceDefinitions[serviceName].user?.isNeeded !== true) return [];
    return isEnabled && options.userId === undefined && results[index]?.ok ? [userButton(serviceName)] : [];
  });
  await interaction.editReply(cardMessage([text(results.map(({ line }) => line).join('\n\n')), ...withoutUser]));
}

/** `recorded` is the line as the conversation stores it, if that differs. */
type Tested = { ok: boolean; line: string; recorded?: string };

async function testOne(context: CommandContext, config: ServiceConfig): Promise<Tested> {
  const begun = performance.now();
  const name = `**${labelOf(config)}**`;
  const off = config.isEnabled ? '' : ' It is switched off; `/services enable` switches it on.';
  try {
    const { serviceName, baseUrl, username } = config;
    if (!isServiceName(serviceName))
      return {
        ok: false,
        line: `⚠️ ${name}: this version of the bot does not know it. \`/services remove\` deletes it.`,
      };
    const secret = storedKey(context.ledger.keyring, config);
    const actor = { user: chosenUser(config), isOwner: true };
    const attempt = await tryConnection(context, serviceName, { baseUrl, secret, username, actor });
    const after = `${Math.round(performance.now() - begun)} ms`;
    await noteAttempt(context, config, attempt);
    if (attempt.ok) return { ok: true, line: `✅ ${name} answers (${after}). ${checkedWords(attempt.check)}${off}` };
    const failed = (words: string) => `⚠️ ${name} (${after}): ${words}${off}`;
    const line = failed(describeError(attempt.error, sayInEnglish, { toOwner: true }));
    return { ok: false, line, recorded: failed(describeError(attempt.error, sayInEnglish)) };
  } catch (error) {
    // A service that can't be tested must not hide the others' results.
    if (!isExpected(error))
      context.ledger.log.error({ err: error, service: config.serviceName }, 'a test failed by itself');
    return { ok: false, line: `⚠️ ${name}: ${describeError(error, sayInEnglish)}` };
  }
}
