import type { itemMessages } from '../tools/library/item-words.ts';
import type { rowMessages } from '../tools/library/row-words.ts';
import type { measureMessages } from '../tools/measures.ts';
import type { outcomeMessages } from '../tools/outcome-words.ts';
import type { tools } from '../tools/registry.ts';
import type { alreadyThereMessages } from '../tools/requests/already-there.ts';
import type { chosenMessages } from '../tools/requests/chosen.ts';
import type { placeMessages } from '../tools/requests/place-choices.ts';
import type { searchMessages } from '../tools/requests/search-or-tell.ts';
import type { seasonChoiceMessages } from '../tools/requests/season-choices.ts';
import type { seerrMessages } from '../tools/requests/seerr-requests.ts';
import type { seasonMessages } from '../tools/season-words.ts';
import type { titleStatusMessages } from '../tools/title-list.ts';
import type { unknownTitleMessages } from '../tools/titles/unknown-title.ts';
import type { torrentMessages } from '../tools/torrents/change-torrents.ts';

type Operations = { [Name in keyof typeof tools]: (typeof tools)[Name]['words'] };

/** Every table of messages by its subject: those of the operations, and of what else speaks to a person. */
export type Tables = Operations & {
  already_there: typeof alreadyThereMessages;
  chosen_place: typeof chosenMessages;
  library_items: typeof itemMessages;
  library_rows: typeof rowMessages;
  measures: typeof measureMessages;
  outcome: typeof outcomeMessages;
  place_choices: typeof placeMessages;
  search_after_request: typeof searchMessages;
  season_choices: typeof seasonChoiceMessages;
  season_numbers: typeof seasonMessages;
  seerr_requests: typeof seerrMessages;
  title_status: typeof titleStatusMessages;
  torrents: typeof torrentMessages;
  unknown_title: typeof unknownTitleMessages;
};
