import { getToolCall } from '../../db/queries/tool-calls.ts';
import { UserError } from '../../errors.ts';
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
import { typedField, typedForm } from './typed-choice.ts';
import { loadCard, renderToolCallCard } from './waiting-card.ts';

export const changeMessages = messages('card_changes', {
  gone: 'That choice is no longer there. The card shows what there is now.',
});

/** A choice: stored in the waiting call's input, so that the card survives a restart. */
export async function chosen(press: Press, [field = '', ...at]: readonly string[]): Promise<void> {
  const { context, interaction, call } = press;
  const stack = await openStack(context.ledger, context.caller);
  const loaded = await loadCard(context, stack, call);
  const place = readPlace(at);
  const input = choose(loaded.choices(call.input, context.say), { field, values: valuesOf(interaction), place });
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

/** What a select gives, or a form; nothing for a button. */
function valuesOf(interaction: Press['interaction']): readonly string[] {
  if (interaction.isModalSubmit()) return [interaction.fields.getTextInputValue(typedField)];
  return interaction.isStringSelectMenu() ? interaction.values : [];
}

/** Opens the form in which a number or a text is typed. Throws ServiceError, UserError: nothing has been answered yet. */
export async function asked(press: Press, [field = '', ...at]: readonly string[]): Promise<undefined> {
  const { context, interaction, call } = press;
  if (!interaction.isMessageComponent()) return;
  const stack = await openStack(context.ledger, context.caller);
  const loaded = await loadCard(context, stack, call);
  const say = sayTo(context.caller);
  const choice = loaded.choices(call.input, say).find(({ id }) => id === field);
  if (choice?.kind !== 'number' && choice?.kind !== 'text')
    throw new UserError((saying) => saying(changeMessages.gone));
  await interaction.showModal(typedForm(call.id, choice, { place: readPlace(at), say }));
}

/** Another page of a list, or another sheet of choices. */
export async function turned({ context, interaction, call }: Press, at: readonly string[]): Promise<void> {
  const stack = await openStack(context.ledger, context.caller);
  await interaction.editReply(
    await renderToolCallCard(context, stack, call, { say: context.say, place: readPlace(at) }),
  );
  await rememberCard(context, call, interaction, interaction.message);
}
