import { type APIModalInteractionResponseCallbackData, ComponentType, TextInputStyle } from 'discord.js';
import { UserError } from '../../errors.ts';
import { messages, type Say } from '../../messages.ts';
import type { TypedChoice } from './choice-blocks.ts';
import { callId } from './controls.ts';
import { type Place, placeArgs } from './place.ts';
import { oneLine } from './server-text.ts';

/** The field of the form, which has one. */
export const typedField = 'typed';
/** Discord's limits: docs "Modal", "Text Input". */
const longestTitle = 45;
const longestText = 4000;
const oneLineOfText = 100;

export const typedMessages = messages('typed_choice', {
  range: 'A whole number from {least, number} to {most, number}, in {unit}.',
  notInRange:
    'That is not a whole number from {least, number} to {most, number}. Press the button again to type another.',
  notSoLong:
    'That text must have {least, number} to {most, number} characters. Press the button again to type it anew.',
});

/** The form that a button of such a choice opens, with what is chosen now in it. */
export function typedForm(
  id: string,
  choice: TypedChoice,
  { place, say }: { place: Place; say: Say },
): APIModalInteractionResponseCallbackData {
  const most = choice.kind === 'number' ? 12 : Math.min(choice.most, longestText);
  const value = String(choice.chosen ?? '');
  const isLong = choice.kind === 'text' && most > oneLineOfText;
  return {
    custom_id: callId(id, 'set', choice.id, ...placeArgs(place)),
    title: oneLine(choice.label, longestTitle),
    components: [
      {
        type: ComponentType.Label,
        label: oneLine(choice.label, longestTitle),
        ...(choice.kind === 'number' ? { description: say(typedMessages.range, choice) } : {}),
        component: {
          type: ComponentType.TextInput,
          custom_id: typedField,
          style: isLong ? TextInputStyle.Paragraph : TextInputStyle.Short,
          required: choice.kind === 'number' || choice.least > 0,
          max_length: most,
          ...(value === '' || value.length > most ? {} : { value }),
        },
      },
    ],
  };
}

/** The input with what was typed. Throws UserError when the choice does not take it. */
export function takeTyped(choice: TypedChoice, typed: string): unknown {
  const text = typed.trim();
  const { least, most } = choice;
  if (choice.kind === 'text') {
    if (text.length < least || text.length > most)
      throw new UserError((say) => say(typedMessages.notSoLong, { least, most }));
    return choice.take(text);
  }
  // As people group the digits: 1,000 or 1 000.
  const digits = text.replace(/(?<=\d)[\s,.’'_](?=\d{3}(?!\d))/g, '');
  const value = /^\d{1,12}$/.test(digits) ? Number(digits) : Number.NaN;
  if (!(value >= least && value <= most)) throw new UserError((say) => say(typedMessages.notInRange, { least, most }));
  return choice.take(value);
}
