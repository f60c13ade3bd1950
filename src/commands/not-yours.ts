import type { MessageComponentInteraction } from 'discord.js';
import { authorise } from '../tools/authorise.ts';
import { sayTo } from '../tools/caller.ts';
import type { CommandContext } from './command.ts';
import { tellPrivately } from './tell-privately.ts';

/** Whether the press came from another person than the one whose Discord id the button carries; they are told so privately. */
export async function isNotYours(
  interaction: MessageComponentInteraction,
  { caller }: Pick<CommandContext, 'caller'>,
  discordId: string | undefined,
): Promise<boolean> {
  const permission = authorise(caller, { act: 'press', of: { discordId: discordId ?? '' } }, []);
  if (permission.isGiven) return false;
  await tellPrivately(interaction, permission.words(sayTo(caller)));
  return true;
}
