import { type APIComponentInContainer, type ChatInputCommandInteraction, MessageFlags } from 'discord.js';
import { statusWords } from '../../tools/title-list.ts';
import { choiceRow } from '../cards/controls.ts';
import type { ComponentHandler } from '../command.ts';
import { startRequest } from './start-request.ts';
import { choiceName, choiceValue } from './title-choices.ts';
import { type FoundTitle, pickedId, type TitleKind, titleKindOf } from './title-kinds.ts';

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
    ...(title.status.state === 'absent' ? {} : { description: statusWords(title) }),
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
    if (interaction.user.id !== discordUserId || kind === undefined || id === null) {
      const content =
        interaction.user.id === discordUserId
          ? 'This choice is from an older version of the bot. Type the command again.'
          : 'This choice belongs to someone else. Type `/request` for one of your own.';
      await interaction.followUp({ content, flags: MessageFlags.Ephemeral, allowedMentions: { parse: [] } });
      return;
    }
    await startRequest(context, interaction, { kind, id });
  },
};
