import type { APIComponentInContainer, ChatInputCommandInteraction } from 'discord.js';
import { UserError } from '../../errors.ts';
import { sayInEnglish } from '../../messages.ts';
import { statusWords } from '../../tools/title-list.ts';
import type { FoundTitle } from '../../tools/titles/search-extras.ts';
import { choiceRow } from '../cards/controls.ts';
import type { ComponentHandler } from '../command.ts';
import { isNotYours } from '../not-yours.ts';
import { startRequest } from './start-request.ts';
import { choiceName, choiceValue } from './title-choices.ts';
import { pickedId, type TitleKind, titleKindOf } from './title-kinds.ts';

/** The select with what a search found. In a group DM others see it too, so it carries whose it is. */
export function choiceRowFor(
  interaction: Pick<ChatInputCommandInteraction, 'user'>,
  kind: TitleKind,
  found: readonly FoundTitle[],
): APIComponentInContainer {
  const options = found.map(({ id, title }) => ({
    value: choiceValue(kind, id),
    label: choiceName(title),
    isChosen: false,
    ...(title.status.state === 'absent' ? {} : { description: statusWords(title, sayInEnglish) }),
  }));
  return choiceRow(`request:pick:${kind.key}:${interaction.user.id}`, 'Pick a title', options);
}

/** `request:pick:<kind>:<whose>`: a title of a search was picked. */
export const pickHandler: ComponentHandler = {
  acknowledge: 'update',
  async run(interaction, [, key = '', discordUserId], context) {
    if (!interaction.isStringSelectMenu()) return;
    const kind = titleKindOf(key);
    const id = kind === undefined ? null : pickedId(kind, interaction.values[0] ?? '');
    if (await isNotYours(interaction, context, discordUserId)) return;
    if (kind === undefined || id === null)
      throw new UserError('This choice is from an older version of the bot. Type the command again.');
    await startRequest(context, interaction, { kind, id });
  },
};
