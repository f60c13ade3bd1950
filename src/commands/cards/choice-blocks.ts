import { messages, type Say } from '../../messages.ts';
import type { Choice, NumberChoice, Option, TextChoice, ToggleChoice } from '../../tools/choices.ts';
import { mostOptions } from './controls.ts';

/** What is chosen by a button: a switch, or what opens a form. */
type ButtonChoice = ToggleChoice<unknown> | TypedChoice;
/** What a person types into a form. */
export type TypedChoice = NumberChoice<unknown> | TextChoice<unknown>;

/** A list as a card shows it: each value once, a page at a time. */
export type List = {
  choice: Exclude<Choice<unknown>, ButtonChoice>;
  options: readonly Option[];
  pages: number;
  /** Its place among the lists that have several pages; null for one that has not. */
  turnedAs: number | null;
};

export const choiceMessages = messages('choice_buttons', {
  on: '{label}: on',
  /** What would be typed now stands on the button that asks for it. */
  number: '{label}: {value, number} {unit}',
  text: '{label}: {value}',
  unset: '{label}…',
  off: '{label}: off',
});

/** `opensForm`: it is answered with a form. */
export type ChoiceButton = { id: string; label: string; isOn: boolean; opensForm?: boolean };

/** What stays together on a card: a list with its pager, or a row of buttons. */
export type Block = { list: List } | { buttons: readonly ChoiceButton[] };

const mostButtons = 5;
/** From so many pages on the pager has buttons for ten at once. */
const manyPages = 10;

/** The lists among the choices, in the order of the operation: those from which something can be chosen. */
export function listsOf(choices: readonly Choice<unknown>[]): List[] {
  let turned = 0;
  return choices.flatMap((choice) => {
    if (choice.kind === 'toggle' || choice.kind === 'number' || choice.kind === 'text') return [];
    const options = distinct(choice.options);
    const pages = pagesOf(options.length, mostOptions);
    const isUseful = options.length > (choice.kind === 'leave-out' ? choice.least : 0);
    return isUseful ? [{ choice, options, pages, turnedAs: pages > 1 ? turned++ : null }] : [];
  });
}

/** The choices in the order of the operation. Shortcuts stand under their list, in one row with the toggles that follow. */
export function blocksOf(choices: readonly Choice<unknown>[], say: Say): Block[] {
  const blocks: Block[] = [];
  let buttons: ChoiceButton[] = [];
  const lists = listsOf(choices);
  const endRow = () => {
    for (let from = 0; from < buttons.length; from += mostButtons)
      blocks.push({ buttons: buttons.slice(from, from + mostButtons) });
    buttons = [];
  };
  for (const choice of choices) {
    if (choice.kind === 'toggle') {
      const { id, label, isOn } = choice;
      buttons.push({ id, label: say(isOn ? choiceMessages.on : choiceMessages.off, { label }), isOn });
      continue;
    }
    if (choice.kind === 'number' || choice.kind === 'text') {
      buttons.push({ id: choice.id, label: typedLabel(choice, say), isOn: false, opensForm: true });
      continue;
    }
    endRow();
    const list = lists.find((one) => one.choice === choice);
    if (list !== undefined) blocks.push({ list });
    if (choice.kind === 'several')
      buttons.push(...(choice.shortcuts ?? []).map(({ id, label }) => ({ id, label, isOn: false })));
  }
  endRow();
  return blocks;
}

/** "Download: 500 kB/s". */
function typedLabel(choice: TypedChoice, say: Say): string {
  const { label } = choice;
  if (choice.kind === 'text')
    return choice.chosen === ''
      ? say(choiceMessages.unset, { label })
      : say(choiceMessages.text, { label, value: choice.chosen });
  if (choice.chosen === null) return say(choiceMessages.unset, { label });
  return say(choiceMessages.number, { label, value: choice.chosen, unit: choice.unit });
}

export function pagesOf(length: number, size: number): number {
  return Math.max(1, Math.ceil(length / size));
}

/** How many lists have several pages. */
export function countTurned(blocks: readonly Block[]): number {
  return blocks.filter((block) => 'list' in block && block.list.turnedAs !== null).length;
}

/** The page of a list that is shown: the one that was turned to, as far as there are so many, else where its chosen option is. */
export function pageOf({ choice, options, pages, turnedAs }: List, turnedTo: readonly (number | undefined)[]): number {
  if (turnedAs === null) return 0;
  const chosenAt = choice.kind === 'one' ? options.findIndex(({ value }) => value === choice.chosen) : 0;
  return within(pages, turnedTo[turnedAs] ?? Math.floor(Math.max(0, chosenAt) / mostOptions));
}

export function within(pages: number, page: number): number {
  return Math.min(Math.max(0, page), pages - 1);
}

/** The options on a page. */
export function shownOf({ options }: List, page: number): readonly Option[] {
  return options.slice(page * mostOptions, (page + 1) * mostOptions);
}

/** By how many pages the buttons of a pager turn. */
export function stepsOf(pages: number): readonly number[] {
  if (pages === 1) return [];
  return pages > manyPages ? [-10, -1, 1, 10] : [-1, 1];
}

/** How many of Discord's components a block is. */
function sizeOf(block: Block): number {
  if ('buttons' in block) return 1 + block.buttons.length;
  const steps = stepsOf(block.list.pages).length;
  return 2 + (steps === 0 ? 0 : 1 + steps);
}

/** The blocks on sheets that hold `room` components each; one sheet where all fit, else each leaves room for its own pager. */
export function sheetsOf(blocks: readonly Block[], room: number, pagerSize: number): Block[][] {
  const sum = blocks.reduce((all, block) => all + sizeOf(block), 0);
  if (sum <= room) return [[...blocks]];
  const sheets: Block[][] = [];
  let left = 0;
  for (const block of blocks) {
    const size = sizeOf(block);
    const sheet = sheets.at(-1);
    if (sheet !== undefined && size <= left) sheet.push(block);
    else {
      sheets.push([block]);
      left = room - pagerSize;
    }
    left -= size;
  }
  return sheets;
}

function distinct(options: readonly Option[]): Option[] {
  return [...new Map(options.map((option) => [option.value, option])).values()];
}
