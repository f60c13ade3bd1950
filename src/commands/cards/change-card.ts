import { getToolCall } from '../../db/queries/tool-calls.ts';
import { sayInEnglish } from '../../messages.ts';
import { changeInput } from '../../tools/ledger.ts';
import { openStack } from '../../tools/stack.ts';
import { tellPrivately } from '../tell-privately.ts';
import { choose } from './choose.ts';
import type { Press } from './edit-card.ts';
import { operationCard } from './operation-card.ts';
import { readPlace } from './place.ts';
import { rememberCard } from './remember-card.ts';
import { showAsItIs } from './show-end.ts';
import { typedField, typedForm } from './typed-choice.ts';
import { loadCard, renderToolCallCard } from './waiting-card.ts';

const goneText = 'That choice is no longer there. The card shows what there is now.';

/** A choice: stored in the waiting call's input, so that the card survives a restart. */
export async function chosen(press: Press, [field = '', ...at]: readonly string[]): Promise<void> {
  const { context, interaction, call } = press;
  const stack = await openStack(context, context.caller);
  const loaded = await loadCard(context, stack, call);
  const place = readPlace(at);
  const input = choose(loaded.choices(call.input, sayInEnglish), { field, values: valuesOf(interaction), place });
  if (input === null) {
    await interaction.editReply(operationCard(call, loaded, place));
    return tellPrivately(interaction, goneText);
  }
  const stored = await changeInput(context, { id: call.id, caller: context.caller, input });
  if (stored === null) return showAsItIs({ ...press, call: (await getToolCall(context.db, { id: call.id })) ?? call });
  await interaction.editReply(operationCard(stored, loaded, place));
  await rememberCard(context, call, interaction, interaction.message);
}

/** What a select gives, or a form; nothing for a button. */
function valuesOf(interaction: Press['interaction']): readonly string[] {
  if (interaction.isModalSubmit()) return [interaction.fields.getTextInputValue(typedField)];
  return interaction.isStringSelectMenu() ? interaction.values : [];
}

/** Opens the form in which a number or a text is typed. */
export async function asked(
  { context, interaction, call }: Press,
  [field = '', ...at]: readonly string[],
): Promise<void> {
  if (!interaction.isMessageComponent()) return;
  const stack = await openStack(context, context.caller);
  const loaded = await loadCard(context, stack, call);
  const choice = loaded.choices(call.input, sayInEnglish).find(({ id }) => id === field);
  if (choice?.kind !== 'number' && choice?.kind !== 'text') return tellPrivately(interaction, goneText);
  await interaction.showModal(typedForm(call.id, choice, { place: readPlace(at), say: sayInEnglish }));
}

/** Another page of a list, or another sheet of choices. */
export async function turned({ context, interaction, call }: Press, at: readonly string[]): Promise<void> {
  const stack = await openStack(context, context.caller);
  await interaction.editReply(await renderToolCallCard(context, stack, call, readPlace(at)));
  await rememberCard(context, call, interaction, interaction.message);
}
