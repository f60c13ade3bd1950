/** One of the things to choose from. Label and description may be a server's text: the card makes them safe. */
export type Option = { value: string; label: string; description?: string };

type AnyChoice = {
  /** Short, without ":", its own among the choices and shortcuts of an operation: a card's buttons carry it. */
  id: string;
  /** What is chosen here. */
  label: string;
};

/** Any number of options may be there: a card shows a page of them. */
type ListChoice = AnyChoice & {
  options: readonly Option[];
  /** The buttons that turn the page. */
  pager?: { back: string; next: string };
};

/** One option. */
export type OneChoice<Input> = ListChoice & {
  kind: 'one';
  chosen: string | undefined;
  take(value: string): Input;
};

/** Any number of options, none included. A shortcut is a button that chooses all that it names. */
export type SeveralChoice<Input> = ListChoice & {
  kind: 'several';
  chosen: readonly string[];
  shortcuts?: readonly { id: string; label: string; values: readonly string[] }[];
  take(values: readonly string[]): Input;
};

/** What is meant, of which some may be taken off as long as `least` are left. */
export type LeaveOutChoice<Input> = ListChoice & {
  kind: 'leave-out';
  least: number;
  take(left: readonly string[]): Input;
};

/** A whole number that the person types, in a unit. */
export type NumberChoice<Input> = AnyChoice & {
  kind: 'number';
  unit: string;
  least: number;
  most: number;
  /** Null where there is none yet, or several differ. */
  chosen: number | null;
  take(value: number): Input;
};

/** A text that the person types. */
export type TextChoice<Input> = AnyChoice & {
  kind: 'text';
  /** Characters. */
  least: number;
  most: number;
  chosen: string;
  take(text: string): Input;
};

export type ToggleChoice<Input> = AnyChoice & {
  kind: 'toggle';
  isOn: boolean;
  take(isOn: boolean): Input;
};

/**
 * What a person may choose on the card of an operation, as data. `take` gives the input with that choice; it is given nothing but values
 * of the options.
 */
export type Choice<Input> =
  | OneChoice<Input>
  | SeveralChoice<Input>
  | LeaveOutChoice<Input>
  | ToggleChoice<Input>
  | NumberChoice<Input>
  | TextChoice<Input>;
