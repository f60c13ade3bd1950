import { type Json, objects } from '../json.ts';
import { Form } from './form.ts';

const namePattern = /^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$/u;
const subcommand = 1;
const group = 2;
/** STRING, INTEGER and NUMBER: those with choices, or with autocomplete. */
const withChoices = [3, 4, 10];

/** Checks all command definitions at once, as PUT does: their number, their names, and each. */
export function validateCommands(commands: unknown): Json[] {
  const form = new Form();
  const list = form.list(commands, 0, 100);
  const names = new Set<unknown>();
  for (const [index, command] of list.entries()) {
    if (names.has(command.name))
      form
        .at(index)
        .at('name')
        .fault('APPLICATION_COMMANDS_DUPLICATE_NAME', 'Application command names must be unique');
    names.add(command.name);
    check(command, form.at(index));
  }
  form.done();
  return list;
}

/** Checks one command definition, as POST does. */
export function validateCommand(command: Json): void {
  const form = new Form();
  check(command, form);
  form.done();
}

function check(command: Json, form: Form): void {
  form.at('type').oneOf(command.type ?? 1, [1]);
  checkNamed(command, form);
  checkDistinct(command.contexts, [0, 1, 2], form.at('contexts'));
  checkDistinct(command.integration_types, [0, 1], form.at('integration_types'));
  checkOptions(command, 0, form);
  if (sizeOf(command) > 8000) form.fault('APPLICATION_COMMAND_TOO_LARGE', 'Command exceeds maximum size (8000)');
}

function checkNamed(item: Json, form: Form): void {
  const { name } = item;
  if (typeof name !== 'string' || !namePattern.test(name) || name !== name.toLowerCase())
    form.at('name').fault('APPLICATION_COMMAND_INVALID_NAME', 'Command name is invalid');
  form.at('description').text(item.description, 1, 100);
}

function checkDistinct(value: unknown, allowed: readonly number[], form: Form): void {
  if (value === undefined || value === null) return;
  const list: unknown[] = Array.isArray(value) ? value : [];
  if (list.length === 0 || new Set(list).size !== list.length)
    form.fault('BASE_TYPE_BAD_LENGTH', 'Must be a list of distinct values with at least one.');
  for (const [index, item] of list.entries()) form.at(index).oneOf(item, allowed);
}

function checkOptions(parent: Json, depth: number, form: Form): void {
  const options = form.at('options').list(parent.options, 0, 25);
  const nested = options.filter((option) => option.type === subcommand || option.type === group).length;
  if (nested > 0 && nested < options.length)
    form
      .at('options')
      .fault(
        'APPLICATION_COMMAND_OPTIONS_TYPE_INVALID',
        'Sub-command and sub-command group option types are mutually exclusive to all other types',
      );
  const names = new Set<unknown>();
  let optional = false;
  for (const [index, option] of options.entries()) {
    const place = form.at('options').at(index);
    checkNamed(option, place);
    if (names.has(option.name))
      place.at('name').fault('APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS', 'Option name already exists');
    names.add(option.name);
    const types =
      depth === 0
        ? [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]
        : depth === 1
          ? [1, 3, 4, 5, 6, 7, 8, 9, 10, 11]
          : [3, 4, 5, 6, 7, 8, 9, 10, 11];
    if (!place.at('type').oneOf(option.type, types)) continue;
    if (option.type === subcommand || option.type === group) {
      checkNested(option, depth, place);
      continue;
    }
    if (option.required === true && optional)
      place.fault(
        'APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID',
        'Required options must be placed before non-required options',
      );
    optional ||= option.required !== true;
    checkValue(option, place);
  }
}

function checkNested(option: Json, depth: number, form: Form): void {
  const inner = objects(option.options);
  const isInner = (type: unknown) =>
    option.type === group ? type === subcommand : type !== subcommand && type !== group;
  if (option.type === group && inner.length === 0)
    form.at('options').fault('BASE_TYPE_REQUIRED', 'This field is required');
  if (inner.some((child) => !isInner(child.type)))
    form.at('options').fault('APPLICATION_COMMAND_OPTIONS_TYPE_INVALID', 'Option type is not allowed here');
  checkOptions(option, depth + (option.type === group ? 1 : 2), form);
}

function checkValue(option: Json, form: Form): void {
  const isText = option.type === 3;
  const choices = form.at('choices').list(option.choices, 0, 25);
  if ((choices.length > 0 || option.autocomplete === true) && !withChoices.includes(Number(option.type)))
    form.fault('APPLICATION_COMMAND_OPTIONS_CHOICES_INVALID', 'Options of this type have no choices');
  if (choices.length > 0 && option.autocomplete === true)
    form.fault('APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_WITH_CHOICES', 'Autocomplete cannot be used with choices');
  const names = new Set<unknown>();
  for (const [index, choice] of choices.entries()) {
    const place = form.at('choices').at(index);
    if (names.has(choice.name))
      place.fault('APPLICATION_COMMAND_OPTIONS_CHOICE_NAME_ALREADY_EXISTS', 'Option choice name already exists');
    names.add(choice.name);
    checkChoice(choice, Number(option.type), place);
  }
  form.at('min_length').integer(option.min_length, 0, isText ? 6000 : -1);
  form.at('max_length').integer(option.max_length, 1, isText ? 6000 : -1);
}

/** Checks a choice: its name, and that its value is of the option's type. */
export function checkChoice(choice: Json, optionType: number, form: Form): void {
  form.at('name').text(choice.name, 1, 100);
  if (optionType === 3) {
    form.at('value').text(choice.value, 1, 100);
    return;
  }
  const isFitting = typeof choice.value === 'number' && (optionType === 10 || Number.isSafeInteger(choice.value));
  if (!isFitting) form.at('value').fault('NUMBER_TYPE_COERCE', `Value "${String(choice.value)}" is not a number.`);
}

/** Discord adds up names, descriptions and the values of choices, to 8,000 a command. */
function sizeOf(node: Json): number {
  const own = [node.name, node.description, typeof node.value === 'string' ? node.value : ''];
  const inner = [...objects(node.options), ...objects(node.choices)];
  return (
    own.reduce<number>((sum, text) => sum + (typeof text === 'string' ? text.length : 0), 0) +
    inner.reduce((sum, child) => sum + sizeOf(child), 0)
  );
}
