import { createHash } from 'node:crypto';
import { type APIComponentInContainer, ButtonStyle } from 'discord.js';
import { messages, type Say } from '../../messages.ts';
import { type Block, type List, pageOf, shownOf, stepsOf } from './choice-blocks.ts';
import { type Button, buttonRow, callId, selectRow } from './controls.ts';
import { type Place, placeArgs, turned } from './place.ts';
import { oneLine } from './server-text.ts';

export const pagerMessages = messages('pagers', {
  back: '‹ Back',
  next: 'More ›',
  pageOf: '{label} ({page, number, ::group-off} of {pages, number, ::group-off})',
});

/** The rows of one block. `place` is where the person is, with the page of each list that is shown. */
export function rowsOf(
  id: string,
  block: Block,
  { place, say }: { place: Place; say: Say },
): APIComponentInContainer[] {
  if ('list' in block) return listRows(id, block.list, { place, say });
  const buttons = block.buttons.map(
    ({ id: field, label, isOn, opensForm = false }): Button => ({
      id: callId(id, opensForm ? 'ask' : 'set', field, ...placeArgs(place)),
      label,
      style: isOn ? ButtonStyle.Primary : ButtonStyle.Secondary,
    }),
  );
  return [buttonRow(buttons)];
}

function listRows(id: string, list: List, { place, say }: { place: Place; say: Say }): APIComponentInContainer[] {
  const { choice, pages, turnedAs } = list;
  const page = pageOf(list, place.pages);
  const isChosen = (value: string): boolean => {
    if (choice.kind === 'leave-out') return false;
    return choice.kind === 'one' ? value === choice.chosen : choice.chosen.includes(value);
  };
  const options = shownOf(list, page).map((option) => ({
    ...option,
    value: selectValue(option.value),
    isChosen: isChosen(option.value),
  }));
  const select = selectRow({
    id: callId(id, 'set', choice.id, ...placeArgs(place)),
    placeholder: placeholderOf(list, { page, say }),
    options,
    least: choice.kind === 'several' ? 0 : 1,
    most: mostOf(list, options.length),
  });
  if (turnedAs === null) return [select];
  const turnTo = (to: number) => turned(place, turnedAs, to);
  return [select, pagerRow(id, { at: page, pages, turnTo, say, ...choice.pager })];
}

/** How many of the options that are shown can be chosen at once. */
function mostOf({ choice, options }: List, shown: number): number {
  if (choice.kind === 'leave-out') return Math.min(shown, options.length - choice.least);
  return choice.kind === 'one' ? 1 : shown;
}

/** What is chosen here, and which page it is; where the chosen option is on another page, that option. */
function placeholderOf(list: List, { page, say }: { page: number; say: Say }): string {
  const { choice, options, pages } = list;
  if (pages === 1) return choice.label;
  const chosen = choice.kind === 'one' ? options.find(({ value }) => value === choice.chosen) : undefined;
  const isElsewhere = chosen !== undefined && !shownOf(list, page).includes(chosen);
  const label = oneLine(isElsewhere ? chosen.label : choice.label, 100);
  return say(pagerMessages.pageOf, { label, page: page + 1, pages });
}

/** The buttons that turn pages. */
export function pagerRow(
  id: string,
  pager: { at: number; pages: number; turnTo: (page: number) => Place; say: Say; back?: string; next?: string },
): APIComponentInContainer {
  const { at, pages, turnTo, say, back = say(pagerMessages.back), next = say(pagerMessages.next) } = pager;
  const labels = new Map([
    [-10, '« 10'],
    [-1, back],
    [1, next],
    [10, '10 »'],
  ]);
  const buttons = stepsOf(pages).map((step) => ({
    id: callId(id, 'page', ...placeArgs(turnTo(at + step))),
    label: labels.get(step) ?? String(step),
    disabled: step < 0 ? at === 0 : at === pages - 1,
  }));
  return buttonRow(buttons);
}

/** A select's value holds 100 characters, a path more. */
export function selectValue(value: string): string {
  return value.length > 0 && value.length <= 90 ? value : `sha256-${createHash('sha256').update(value).digest('hex')}`;
}
