import { type APIModalInteractionResponseCallbackData, ComponentType, TextInputStyle } from 'discord.js';
import { messages, type Say } from '../../messages.ts';
import { type ServiceName, serviceDefinitions } from '../../services/registry.ts';
import type { ServiceDefinition } from '../../services/service.ts';
import { oneLine } from '../cards/server-text.ts';

/** The fields' limits. Discord refuses to open a modal in which a longer value is filled in. */
const longestAddress = 500;
const longestUsername = 100;
const longestSecret = 500;
/** Nor one with longer words. */
const longestTitle = 45;
const longestLabel = 45;
const longestDescription = 100;

type Filled = { address: string; username: string };
/** Which key an empty field stands for: the saved one, the one of a draft, or none. */
export type KeptKey = { from: 'saved' } | { from: 'draft'; draftId: string } | null;
type Field = { description?: string; value?: string; placeholder?: string; required?: boolean; max: number };

export const configureFormMessages = messages('configure_form', {
  title: 'Set up {label}',
  address: 'Address',
  addressHint: 'As in your browser; IP address or name, with port.',
  username: 'User name',
  savedKept: 'Leave empty to keep the current one (same server only).',
  draftKept: 'Leave empty to use the one you typed (same machine only).',
});

const words = configureFormMessages;

/** The modal of one service: address and user name filled in, the key never. Where one is kept, the field may stay empty. */
export function configureModal(
  name: ServiceName,
  filled: Filled,
  kept: KeptKey,
  say: Say,
): APIModalInteractionResponseCallbackData {
  const definition = serviceDefinitions[name];
  const address = field('address', say(words.address), {
    description: say(words.addressHint),
    placeholder: `http://192.168.1.20:${definition.defaultPort}`,
    value: filled.address,
    max: longestAddress,
  });
  const secret = field('secret', say(definition.words.secret), {
    description: say(kept === null ? definition.words.secretHint : words[`${kept.from}Kept`]),
    required: kept === null,
    max: longestSecret,
  });
  const username = field('username', say(words.username), { value: filled.username, max: longestUsername });
  return {
    custom_id: `services:submit:${name}${kept?.from === 'draft' ? `:${kept.draftId}` : ''}`,
    title: oneLine(say(words.title, { label: definition.label }), longestTitle),
    components: definition.needsUsername ? [address, username, secret] : [address, secret],
  };
}

function field(id: string, label: string, { description, value = '', placeholder, required = true, max }: Field) {
  return {
    type: ComponentType.Label as const,
    label: oneLine(label, longestLabel),
    ...(description === undefined ? {} : { description: oneLine(description, longestDescription) }),
    component: {
      type: ComponentType.TextInput as const,
      custom_id: id,
      style: TextInputStyle.Short as const,
      required,
      max_length: max,
      ...(value === '' || value.length > max ? {} : { value }),
      ...(placeholder === undefined ? {} : { placeholder }),
    },
  };
}

type Fields = { getTextInputValue(id: string): string };
export type Typed = { address: string; username: string | null; secret: string | null };

/** What came back. An API key has no spaces around it, a password may; an empty one is null. */
export function typedInto(
  fields: Fields,
  definition: Pick<ServiceDefinition<never>, 'needsUsername' | 'secret'>,
): Typed {
  const raw = fields.getTextInputValue('secret');
  const secret = definition.secret === 'password' ? raw : raw.trim();
  return {
    address: fields.getTextInputValue('address').trim(),
    username: definition.needsUsername ? fields.getTextInputValue('username').trim() : null,
    secret: secret === '' ? null : secret,
  };
}
