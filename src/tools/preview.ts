import type { Message, Say } from '../messages.ts';
import type { Title } from '../services/titles.ts';
import type { Choice } from './choices.ts';
import type { RequestDefaults } from './preferences.ts';

/** What is shown at the top of a card; a title that is known by name only has the rest empty. */
export type CardTitle = Pick<Title, 'title' | 'year' | 'posterUrl'>;

/**
 * What the card of a call says before the press. `title`, `about`, `facts` and `items` may hold a server's texts, which the card makes safe;
 * `lines` are the operation's own words, made from checked input, and may hold markdown.
 */
export type Preview = {
  /** What to call it now, where the choices change that; else as when it was loaded. */
  title?: CardTitle;
  /** A film or series with its state. */
  about?: Title;
  /** One short line under the name. */
  facts?: string;
  /** The names of what is meant, where there are several. */
  items?: readonly string[];
  /** What a press will do. */
  lines: readonly string[];
  /** When a press could do nothing: the button is there and cannot be pressed. */
  isNothing?: boolean;
};

/**
 * A call with what its server says now: its card can be shown and changed without asking again. Input comes from a row or the model, so
 * each of these checks it first (ZodError).
 */
export type LoadedCall = {
  /** Plain data of the server, by which the cache knows its size. */
  details: unknown;
  /** The button that does it: "Request". */
  button: Message;
  fillIn(input: unknown, defaults: RequestDefaults): unknown;
  preview(input: unknown, say: Say): Preview & { title: CardTitle };
  choices(input: unknown, say: Say): readonly Choice<unknown>[];
  remember(input: unknown): RequestDefaults;
};
