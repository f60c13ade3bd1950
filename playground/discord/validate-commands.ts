import { invalidForm } from './errors.ts';
import type { Json } from './state.ts';
import { checkText, objects } from './validate-components.ts';

const namePattern = /^[-_\p{Ll}\p{Lo}\p{N}]{1,32}$/u;

/** Checks command definitions as Discord does when they are registered. */
export function validateCommands(commands: Json[]): void {
  if (commands.length > 100)
    throw invalidForm('_', 'APPLICATION_COMMAND_TOO_MANY', 'Maximum number of application commands reached');
  const names = commands.map((command) => command.name);
  if (new Set(names).size !== names.length)
    throw invalidForm('_', 'APPLICATION_COMMANDS_DUPLICATE_NAME', 'Application command names must be unique');
  for (const [index, command] of commands.entries()) validateNamed(command, String(index));
}

function validateNamed(item: Json, path: string): void {
  if (typeof item.name !== 'string' || !namePattern.test(item.name))
    throw invalidForm(`${path}.name`, 'APPLICATION_COMMAND_INVALID_NAME', 'Command name is invalid');
  checkText(item.description, `${path}.description`, 1, 100);
  const options = objects(item.options);
  if (options.length > 25)
    throw invalidForm(`${path}.options`, 'BASE_TYPE_MAX_LENGTH', 'Must be 25 or fewer in length.');
  let optional = false;
  for (const [index, option] of options.entries()) {
    const where = `${path}.options.${index}`;
    validateNamed(option, where);
    if (Number(option.type) <= 2) continue;
    if (option.required === true && optional)
      throw invalidForm(
        where,
        'APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID',
        'Required options must be placed before non-required options',
      );
    optional ||= option.required !== true;
    const choices = objects(option.choices);
    if (choices.length > 25)
      throw invalidForm(`${where}.choices`, 'BASE_TYPE_MAX_LENGTH', 'Must be 25 or fewer in length.');
    if (choices.length > 0 && option.autocomplete === true)
      throw invalidForm(
        where,
        'APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_WITH_CHOICES',
        'Autocomplete cannot be used with choices',
      );
  }
}

/** Checks the choices that a bot answers to autocomplete with. */
export function validateChoices(choices: unknown): Json[] {
  const list = objects(choices);
  if (!Array.isArray(choices) || list.length > 25)
    throw invalidForm('data.choices', 'BASE_TYPE_MAX_LENGTH', 'Must be 25 or fewer in length.');
  for (const [index, choice] of list.entries()) {
    checkText(choice.name, `data.choices.${index}.name`, 1, 100);
    if (typeof choice.value === 'string') checkText(choice.value, `data.choices.${index}.value`, 1, 100);
  }
  return list;
}
