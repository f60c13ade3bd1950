import type { APIComponentInContainer, ChatInputCommandInteraction } from 'discord.js';
import { UserError } from '../../errors.ts';
import { messages, type Say } from '../../messages.ts';
import { statusWords } from '../../tools/title-list.ts';
import type { FoundTitle } from '../../tools/titles/search-extras.ts';
import { choiceRow } from '../cards/controls.ts';
import type { ComponentHandler } from '../command.ts';
import { isNotYours } from '../not-yours.ts';
import { startRequest } from './start-request.ts';
import { choiceName, choiceValue } from './title-choices.ts';
import { pickedId, type TitleKind, titleKindOf } from './title-kinds.ts';

export const pickMessages = messages('title_picks', {
  pick: 'Pick a title',
  outdated: 'This choice is from an older version of the bot. Type the command again.',
});

/** The select with what a search found. In a group DM others see it too, so it carries whose it is. */
export function choiceRowFor(
  { interaction, say }: { interaction: Pick<ChatInputCommandInteraction, 'user'>; say: Say },
  kind: TitleKind,
  found: readonly FoundTitle[],
): APIComponentInContainer {
  const options = found.map(({ id, title }) => ({
    value: choiceValue(kind, id),
    label: choiceName(title, say),
    isChosen: false,
    ...(title.status.state === 'absent' ? {} : { description: statusWords(title, say) }),
  }));
  return choiceRow(`request:pick:${kind.key}:${interaction.user.id}`, say(pickMessages.pick), options);
}

/** `request:pick:<kind>:<whose>`: a title of a search was picked. */
export const pickHandler: ComponentHandler = {
  acknowledge: 'update',
  async run(interaction, [, key = '', discordUserId], context) {
    if (!interaction.isStringSelectMenu()) return;
    const kind = titleKindOf(key);
    const id = kind === undefined ? null : pickedId(kind, interaction.values[0] ?? '');
    if (await isNotYours(interaction, context, discordUserId)) return;
    if (kind === undefined || id === null) throw new UserError((say) => say(pickMessages.outdated));
    await startRequest(context, interaction, { kind, id });
  },
};
