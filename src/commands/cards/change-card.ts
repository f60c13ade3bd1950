import { getToolCall } from '../../db/queries/tool-calls.ts';
import { messages } from '../../messages.ts';
import { sayTo } from '../../tools/caller.ts';
import { changeInput } from '../../tools/ledger.ts';
import { openStack } from '../../tools/stack.ts';
import { tellPrivately } from '../tell-privately.ts';
import { choose } from './choose.ts';
import { operationCard } from './operation-card.ts';
import { readPlace } from './place.ts';
import { rememberCard } from './remember-card.ts';
import { type Press, showAsItIs } from './show-end.ts';
import { loadCard, renderToolCallCard } from './waiting-card.ts';

export const changeMessages = messages('card_changes', {
  gone: 'That choice is no longer there. The card shows what there is now.',
});

/** A choice: stored in the waiting call's input, so that the card survives a restart. */
export async function chosen(press: Press, [field = '', ...at]: readonly string[]): Promise<void> {
  const { context, interaction, call } = press;
  const stack = await openStack(context.ledger, context.caller);
  const loaded = await loadCard(context, stack, call);
  const values = interaction.isStringSelectMenu() ? interaction.values : [];
  const place = readPlace(at);
  const input = choose(loaded.choices(call.input, context.say), { field, values, place });
  if (input === null) {
    await interaction.editReply(operationCard(call, loaded, { say: context.say, place }));
    return tellPrivately(interaction, sayTo(context.caller)(changeMessages.gone));
  }
  const stored = await changeInput(context.ledger, { id: call.id, caller: context.caller, input });
  if (stored === null)
    return showAsItIs({ ...press, call: (await getToolCall(context.ledger.db, { id: call.id })) ?? call });
  await interaction.editReply(operationCard(stored, loaded, { say: context.say, place }));
  await rememberCard(context, call, interaction, interaction.message);
}

/** Another page of a list, or another sheet of choices. */
export async function turned({ context, interaction, call }: Press, at: readonly string[]): Promise<void> {
  const stack = await openStack(context.ledger, context.caller);
  await interaction.editReply(
    await renderToolCallCard(context, stack, call, { say: context.say, place: readPlace(at) }),
  );
  await rememberCard(context, call, interaction, interaction.message);
}
