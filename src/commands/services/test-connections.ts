import type { ChatInputCommandInteraction } from 'discord.js';
import type { ServiceConfig } from '../../db/schema.ts';
import { messages, type Say, type Saying, sayInEnglish } from '../../messages.ts';
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

export const testServicesMessages = messages('test_services', {
  answers: '✅ **{label}** answers ({ms, number, ::group-off} ms).',
  failed: '⚠️ **{label}** ({ms, number, ::group-off} ms): {reason}',
  untested: '⚠️ **{label}**: {reason}',
  unknown: '⚠️ **{label}**: this version of the bot does not know it. `/services remove` deletes it.',
  isOff: 'It is switched off; `/services enable` switches it on.',
});

const words = testServicesMessages;

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
    words: results.map(({ line, recorded = line }) => recorded(sayInEnglish)).join('\n'),
  });
  const withoutUser = configs.flatMap(({ serviceName, isEnabled, options }, index) => {
    if (!isServiceName(serviceName) || serviceDefinitions[serviceName].user?.isNeeded !== true) return [];
    return isEnabled && options.userId === undefined && results[index]?.ok
      ? [userButton(serviceName, context.say)]
      : [];
  });
  const lines = results.map(({ line }) => line(context.say)).join('\n\n');
  await interaction.editReply(cardMessage([text(lines), ...withoutUser]));
}

/** `recorded` is the line as the conversation stores it, if that differs. */
type Tested = { ok: boolean; line: Saying; recorded?: Saying };

async function testOne(context: CommandContext, config: ServiceConfig): Promise<Tested> {
  const begun = performance.now();
  const label = labelOf(config);
  const off = (say: Say) => (config.isEnabled ? '' : ` ${say(words.isOff)}`);
  try {
    const { serviceName, baseUrl, username } = config;
    if (!isServiceName(serviceName)) return { ok: false, line: (say) => say(words.unknown, { label }) };
    const secret = storedKey(context.ledger.keyring, config);
    const actor = { user: chosenUser(config), isOwner: true };
    const attempt = await tryConnection(context, serviceName, { baseUrl, secret, username, actor });
    const ms = Math.round(performance.now() - begun);
    await noteAttempt(context, config, attempt);
    if (attempt.ok) {
      const { check } = attempt;
      return { ok: true, line: (say) => `${say(words.answers, { label, ms })} ${checkedWords(check, say)}${off(say)}` };
    }
    const { error } = attempt;
    const failed = (say: Say, reason: string) => `${say(words.failed, { label, ms, reason })}${off(say)}`;
    return {
      ok: false,
      line: (say) => failed(say, describeError(error, say, { toOwner: true })),
      recorded: (say) => failed(say, describeError(error, say)),
    };
  } catch (error) {
    // A service that can't be tested must not hide the others' results.
    if (!isExpected(error))
      context.ledger.log.error({ err: error, service: config.serviceName }, 'a test failed by itself');
    return { ok: false, line: (say) => say(words.untested, { label, reason: describeError(error, say) }) };
  }
}
