import type { Choice } from '../../tools/choices.ts';
import { type List, listsOf, pageOf, shownOf } from './choice-blocks.ts';
import { selectValue } from './choice-rows.ts';
import type { Place } from './place.ts';
import { takeTyped } from './typed-choice.ts';

/** One choice on a card: a select's values, what was typed into a form, none for a button. */
type Chosen = { field: string; values: readonly string[]; place: Place };

/** The input after a choice; null when that is no longer there. Throws UserError for a typed text that it does not take. */
export function choose(choices: readonly Choice<unknown>[], chosen: Chosen): unknown {
  for (const choice of choices) {
    if (choice.kind === 'toggle') {
      if (choice.id === chosen.field) return choice.take(!choice.isOn);
      continue;
    }
    if (choice.kind === 'number' || choice.kind === 'text') {
      if (choice.id === chosen.field) return takeTyped(choice, chosen.values[0] ?? '');
      continue;
    }
    const shortcut = choice.kind === 'several' && choice.shortcuts?.find(({ id }) => id === chosen.field);
    if (shortcut) return choice.take(shortcut.values);
  }
  const list = listsOf(choices).find(({ choice }) => choice.id === chosen.field);
  return list === undefined ? null : chooseFrom(list, chosen);
}

function chooseFrom(list: List, { values, place }: Chosen): unknown {
  const { choice, options } = list;
  const among = choice.kind === 'several' ? shownOf(list, pageOf(list, place.pages)) : options;
  const byValue = new Map(among.map(({ value }) => [selectValue(value), value]));
  const taken = values.map((value) => byValue.get(value)).filter((value) => value !== undefined);
  if (taken.length < values.length) return null;
  if (choice.kind === 'one') {
    const [value] = taken;
    return value === undefined ? null : choice.take(value);
  }
  if (choice.kind === 'leave-out') {
    const left = options.map(({ value }) => value).filter((value) => !taken.includes(value));
    return taken.length === 0 || left.length < choice.least ? null : choice.take(left);
  }
  // What is chosen on other pages stays.
  const shown = new Set(byValue.values());
  const there = new Set(options.map(({ value }) => value));
  const elsewhere = choice.chosen.filter((value) => there.has(value) && !shown.has(value));
  return choice.take([...elsewhere, ...taken]);
}
