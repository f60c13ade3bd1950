import type { APIComponentInContainer } from 'discord.js';
import type { ToolCall } from '../../db/schema.ts';
import { sayInEnglish } from '../../messages.ts';
import type { LoadedCall } from '../../tools/preview.ts';
import { type Block, blocksOf, countTurned, pageOf, sheetsOf, within } from './choice-blocks.ts';
import { pagerRow, rowsOf } from './choice-rows.ts';
import { actionRow, buttonRow, callId } from './controls.ts';
import { firstPlace, type Place, placeArgs, turned } from './place.ts';
import { pagesOfNames, previewFace } from './preview-face.ts';
import { type CardMessage, cardMessage } from './title-face.ts';

/** Discord's limit for a message, however they are nested. */
const mostComponents = 40;
/** A row of two buttons. */
const sheetPagerSize = 3;

/** The card of a call that waits for its press, whichever operation it is: what a press will do, the choices, and the buttons. */
export function operationCard(
  { id, input }: Pick<ToolCall, 'id' | 'input'>,
  loaded: LoadedCall,
  place: Place = firstPlace,
): CardMessage {
  const preview = loaded.preview(input, sayInEnglish);
  const blocks = blocksOf(loaded.choices(input, sayInEnglish));
  // The pages of the names are told after those of the lists.
  const names = { as: countTurned(blocks), pages: pagesOfNames(preview) };
  const namesAt = within(names.pages, place.pages[names.as] ?? 0);
  const face = previewFace(preview, namesAt);
  const press = actionRow(id, sayInEnglish(loaded.button), { disabled: preview.isNothing === true });
  const namesPager = (here: Place) =>
    names.pages === 1
      ? []
      : [pagerRow(id, { at: namesAt, pages: names.pages, turnTo: (to) => turned(here, names.as, to) })];

  const room = mostComponents - 1 - countComponents([...face, ...namesPager(firstPlace), press]);
  const sheets = sheetsOf(blocks, room, sheetPagerSize);
  const sheet = within(sheets.length, place.sheet);
  const shown = sheets[sheet] ?? [];
  const lists = placeOn(shown, { ...place, sheet });
  const here = names.pages === 1 ? lists : turned(lists, names.as, namesAt);
  return cardMessage([
    ...face,
    ...namesPager(here),
    ...shown.flatMap((block) => rowsOf(id, block, here)),
    ...(sheets.length === 1 ? [] : [sheetPager(id, sheet, sheets.length)]),
    press,
  ]);
}

/** The place with the pages that are shown: those of lists on other sheets are not told on. */
function placeOn(shown: readonly Block[], { pages, sheet }: Place): Place {
  let here: Place = { pages: [], sheet };
  for (const block of shown) {
    if (!('list' in block) || block.list.turnedAs === null) continue;
    here = turned(here, block.list.turnedAs, pageOf(block.list, pages));
  }
  return here;
}

function sheetPager(id: string, at: number, sheets: number): APIComponentInContainer {
  const to = (sheet: number) => callId(id, 'page', ...placeArgs({ pages: [], sheet }));
  return buttonRow([
    { id: to(at - 1), label: '‹ Other choices', disabled: at === 0 },
    { id: to(at + 1), label: 'More choices ›', disabled: at === sheets - 1 },
  ]);
}

function countComponents(components: readonly object[]): number {
  return components.reduce((sum, component) => {
    const inside = 'components' in component && Array.isArray(component.components) ? component.components : [];
    return sum + 1 + countComponents(inside) + ('accessory' in component ? 1 : 0);
  }, 0);
}
