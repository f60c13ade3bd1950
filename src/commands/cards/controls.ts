import {
  type APIActionRowComponent,
  type APIButtonComponentWithCustomId,
  type APISelectMenuOption,
  type APIStringSelectComponent,
  ButtonStyle,
  ComponentType,
} from 'discord.js';
import { type Message, messages, type Say } from '../../messages.ts';
import { oneLine } from './server-text.ts';

/** Discord's limits: docs "Component Reference". */
export const mostOptions = 25;
const longestLabel = 100;

/** The buttons that cards of any operation have. */
export const controlMessages = messages('card_controls', {
  cancel: 'Cancel',
  tryAgain: 'Try again',
  stop: 'Stop',
  refresh: 'Refresh',
});

export type Row =
  | APIActionRowComponent<APIButtonComponentWithCustomId>
  | APIActionRowComponent<APIStringSelectComponent>;
/** A button that comes back to the bot; a link button has no custom_id. */
export type Button = {
  id: string;
  label: string;
  style?: APIButtonComponentWithCustomId['style'];
  disabled?: boolean;
};
type Option = { value: string; label: string; description?: string; isChosen: boolean };

/** `call:<id>:<action>[:…]`, which press.ts takes apart. */
export function callId(id: string, ...args: readonly (string | number)[]): string {
  return ['call', id, ...args].join(':');
}

export function buttonRow(buttons: readonly Button[]): Row {
  return {
    type: ComponentType.ActionRow,
    components: buttons.map(({ id, label, style = ButtonStyle.Secondary, disabled }) => ({
      type: ComponentType.Button,
      custom_id: id,
      label: oneLine(label, 80),
      style,
      ...(disabled ? { disabled } : {}),
    })),
  };
}

/** The button that does it, and Cancel. */
export function actionRow(
  id: string,
  { action, say, disabled = false }: { action: Message; say: Say; disabled?: boolean },
): Row {
  return buttonRow([
    { id: callId(id, 'press'), label: say(action), style: ButtonStyle.Success, disabled },
    { id: callId(id, 'cancel'), label: say(controlMessages.cancel) },
  ]);
}

/** A choice of one. Of more than 25 the first are shown, and the chosen one always. */
export function choiceRow(id: string, placeholder: string, options: readonly Option[]): Row {
  const shown = withinLimit(options);
  return selectRow({ id, placeholder, options: shown, least: 1, most: 1 });
}

/** A choice of at most 25 options. */
export function selectRow(row: {
  id: string;
  placeholder: string;
  options: readonly Option[];
  least: number;
  most: number;
}): Row {
  return {
    type: ComponentType.ActionRow,
    components: [
      {
        type: ComponentType.StringSelect,
        custom_id: row.id,
        placeholder: oneLine(row.placeholder, 150),
        min_values: row.least,
        max_values: row.most,
        options: row.options.map(selectOption),
      },
    ],
  };
}

function selectOption({ value, label, description, isChosen }: Option): APISelectMenuOption {
  const line = description === undefined ? '' : oneLine(description, longestLabel);
  return {
    value,
    label: oneLine(label, longestLabel) || value,
    ...(line === '' ? {} : { description: line }),
    ...(isChosen ? { default: true } : {}),
  };
}

function withinLimit(options: readonly Option[]): Option[] {
  const distinct = [...new Map(options.map((option) => [option.value, option])).values()];
  const shown = distinct.slice(0, mostOptions);
  const chosen = distinct.find((option) => option.isChosen);
  return chosen === undefined || shown.includes(chosen) ? shown : [...shown.slice(0, -1), chosen];
}
