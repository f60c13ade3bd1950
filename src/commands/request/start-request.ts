import type { ChatInputCommandInteraction, MessageComponentInteraction } from 'discord.js';
import type { Message } from '../../db/schema.ts';
import { sayInEnglish } from '../../messages.ts';
import { openStack } from '../../tools/stack.ts';
import { openCard } from '../cards/open-card.ts';
import { oneLine } from '../cards/server-text.ts';
import type { CommandContext } from '../command.ts';
import type { TitleKind } from './title-kinds.ts';

/** Shows the card of one title: to request it, to add what is missing, or to search again for what is there. */
export async function startRequest(
  context: CommandContext,
  interaction: ChatInputCommandInteraction | MessageComponentInteraction,
  { kind, id, partsBefore }: { kind: TitleKind; id: number; partsBefore?: Message['parts'] },
): Promise<void> {
  const stack = await openStack(context.ledger, context.caller);
  const begun = await kind.begin(stack, id, { signal: context.signal });
  const { title, year } = begun.loaded.preview(begun.input, sayInEnglish).title;
  await openCard(context, interaction, {
    ...begun,
    stack,
    partsBefore,
    commandText: `/request ${kind.subcommand} title: ${oneLine(title, 150)}${year === null ? '' : ` (${year})`}`,
    dedupeKey: interaction.id,
  });
}
