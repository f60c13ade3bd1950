import type { APIComponentInContainer } from 'discord.js';
import type { ToolCall } from '../../db/schema.ts';
import { messages, type Say } from '../../messages.ts';
import type { LoadedCall } from '../../tools/preview.ts';
import { type Block, blocksOf, countTurned, pageOf, sheetsOf, within } from './choice-blocks.ts';
import { pagerRow, rowsOf } from './choice-rows.ts';
import { actionRow, buttonRow, callId } from './controls.ts';
import { firstPlace, type Place, placeArgs, turned } from './place.ts';
import { pagesOfNames, previewFace } from './preview-face.ts';
import { type CardMessage, cardMessage } from './title-face.ts';

export const sheetMessages = messages('choice_sheets', { back: '‹ Other choices', next: 'More choices ›' });

/** Discord's limit for a message, however they are nested. */
const mostComponents = 40;
/** A row of two buttons. */
const sheetPagerSize = 3;

/** The card of a call that waits for its press, whichever operation it is: what a press will do, the choices, and the buttons. */
export function operationCard(
  { id, input }: Pick<ToolCall, 'id' | 'input'>,
  loaded: LoadedCall,
  { say, place = firstPlace }: { say: Say; place?: Place },
): CardMessage {
  const preview = loaded.preview(input, say);
  const blocks = blocksOf(loaded.choices(input, say), say);
  // The pages of the names are told after those of the lists.
  const names = { as: countTurned(blocks), pages: pagesOfNames(preview) };
  const namesAt = within(names.pages, place.pages[names.as] ?? 0);
  const face = previewFace(preview, { page: namesAt, say });
  const press = actionRow(id, { action: loaded.button, disabled: preview.isNothing === true, say });
  const namesPager = (here: Place) =>
    names.pages === 1
      ? []
      : [pagerRow(id, { at: namesAt, pages: names.pages, turnTo: (to) => turned(here, names.as, to), say })];

  const room = mostComponents - 1 - countComponents([...face, ...namesPager(firstPlace), press]);
  const sheets = sheetsOf(blocks, room, sheetPagerSize);
  const sheet = within(sheets.length, place.sheet);
  const shown = sheets[sheet] ?? [];
  const lists = placeOn(shown, { ...place, sheet });
  const here = names.pages === 1 ? lists : turned(lists, names.as, namesAt);
  return cardMessage([
    ...face,
    ...namesPager(here),
    ...shown.flatMap((block) => rowsOf(id, block, { place: here, say })),
    ...(sheets.length === 1 ? [] : [sheetPager(id, { at: sheet, sheets: sheets.length, say })]),
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

function sheetPager(
  id: string,
  { at, sheets, say }: { at: number; sheets: number; say: Say },
): APIComponentInContainer {
  const to = (sheet: number) => callId(id, 'page', ...placeArgs({ pages: [], sheet }));
  return buttonRow([
    { id: to(at - 1), label: say(sheetMessages.back), disabled: at === 0 },
    { id: to(at + 1), label: say(sheetMessages.next), disabled: at === sheets - 1 },
  ]);
}

function countComponents(components: readonly object[]): number {
  return components.reduce((sum, component) => {
    const inside = 'components' in component && Array.isArray(component.components) ? component.components : [];
    return sum + 1 + countComponents(inside) + ('accessory' in component ? 1 : 0);
  }, 0);
}
