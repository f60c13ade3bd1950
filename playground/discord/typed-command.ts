import { type Json, objects } from '../json.ts';
import type { Channel, DiscordState } from './state.ts';

export type OptionValue = string | number | boolean;
type Typed = { name: string; options: Record<string, OptionValue>; focused: string | null };

const text = 3;
const integer = 4;
const boolean = 5;
const number = 10;

/**
 * The data of the interaction for a command that was typed, "request movie" and its options, and the type of the option
 * in focus. Throws what Discord's own client would not let a person send.
 */
export function typedCommand(
  state: DiscordState,
  channel: Channel,
  typed: Typed,
): { data: Json; focusedType: number | null } {
  const [commandName = '', ...path] = typed.name.split(' ');
  const command = state.commands.find((candidate) => candidate.name === commandName);
  if (command === undefined) throw new Error(`there is no /${commandName}`);
  if (!isOffered(state, channel, command)) throw new Error(`/${commandName} is not offered here`);
  const definition = path.reduce<Json | undefined>(
    (node, part) => objects(node?.options).find((option) => option.name === part),
    command,
  );
  if (definition === undefined) throw new Error(`there is no /${typed.name}`);
  const known = objects(definition.options);
  if (known.some((option) => option.type === 1 || option.type === 2))
    throw new Error(`/${typed.name} needs one of: ${known.map((option) => option.name).join(', ')}`);
  for (const option of known) {
    if (option.required === true && typed.focused === null && typed.options[String(option.name)] === undefined)
      throw new Error(`/${typed.name} needs ${option.name}`);
  }
  const given = Object.entries(typed.options).map(([name, value]) => {
    const option = known.find((candidate) => candidate.name === name);
    if (option === undefined) throw new Error(`/${typed.name} has no option ${name}`);
    const isFocused = name === typed.focused;
    // While people type, they have not finished: nothing is checked yet.
    const fault = typed.focused === null ? faultOf(option, value) : null;
    if (fault !== null) throw new Error(`${name} of /${typed.name}: ${fault}`);
    if (isFocused && option.autocomplete !== true) throw new Error(`${name} of /${typed.name} offers no choices`);
    return { name, type: option.type, value, ...(isFocused ? { focused: true } : {}) };
  });
  const nested = path.reduceRight<Json[]>(
    (inner, part, index) => [{ name: part, type: index === path.length - 1 ? 1 : 2, options: inner }],
    given,
  );
  const focused = known.find((option) => option.name === typed.focused);
  return {
    data: { id: command.id, name: commandName, type: 1, options: nested },
    focusedType: typeof focused?.type === 'number' ? focused.type : null,
  };
}

/** Whether the person can use a command in a place: by its contexts, and by how the bot came there. */
function isOffered(state: DiscordState, channel: Channel, command: Json): boolean {
  const context = channel.guildId === null ? 1 : 0;
  const contexts = Array.isArray(command.contexts) ? command.contexts : [0, 1, 2];
  const installs = Array.isArray(command.integration_types) ? command.integration_types : [0];
  return contexts.includes(context) && (state.isMember(channel) || installs.includes(1));
}

function faultOf(option: Json, value: OptionValue): string | null {
  const wanted = { [text]: 'string', [integer]: 'number', [boolean]: 'boolean', [number]: 'number' }[
    Number(option.type)
  ];
  if (typeof value !== (wanted ?? 'string')) return `${value} is no ${wanted}`;
  if (option.type === integer && !Number.isSafeInteger(value)) return `${value} is no whole number`;
  const choices = objects(option.choices);
  if (choices.length > 0 && !choices.some((choice) => choice.value === value)) return `${value} is no choice`;
  const size = typeof value === 'string' ? value.length : Number(value);
  const least = Number(option.min_length ?? option.min_value ?? Number.NEGATIVE_INFINITY);
  const most = Number(option.max_length ?? option.max_value ?? (typeof value === 'string' ? 6000 : Infinity));
  return size < least || size > most ? `${value} is out of range` : null;
}
