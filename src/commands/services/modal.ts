import { type APIModalInteractionResponseCallbackData, ComponentType, TextInputStyle } from 'discord.js';
import { sayInEnglish } from '../../messages.ts';
import { type ServiceName, serviceDefinitions } from '../../services/registry.ts';
import type { ServiceDefinition } from '../../services/service.ts';

/** The fields' limits. Discord refuses to open a modal in which a longer value is filled in. */
const longestAddress = 500;
const longestUsername = 100;
const longestSecret = 500;

type Filled = { address: string; username: string };
/** Which key an empty field stands for: the saved one, the one of a draft, or none. */
export type KeptKey = { from: 'saved' } | { from: 'draft'; draftId: string } | null;
type Field = { description?: string; value?: string; placeholder?: string; required?: boolean; max: number };

const keptHints = {
  saved: 'Leave empty to keep the current one (same server only).',
  draft: 'Leave empty to use the one you typed (same machine only).',
};

/** The modal of one service: address and user name filled in, the key never. Where one is kept, the field may stay empty. */
export function configureModal(
  name: ServiceName,
  filled: Filled,
  kept: KeptKey,
): APIModalInteractionResponseCallbackData {
  const definition = serviceDefinitions[name];
  const address = field('address', 'Address', {
    description: 'As in your browser; IP address or name, with port.',
    placeholder: `http://192.168.1.20:${definition.defaultPort}`,
    value: filled.address,
    max: longestAddress,
  });
  const secret = field('secret', sayInEnglish(definition.words.secret), {
    description: kept === null ? sayInEnglish(definition.words.secretHint) : keptHints[kept.from],
    required: kept === null,
    max: longestSecret,
  });
  const username = field('username', 'User name', { value: filled.username, max: longestUsername });
  return {
    custom_id: `services:submit:${name}${kept?.from === 'draft' ? `:${kept.draftId}` : ''}`,
    title: `Set up ${definition.label}`,
    components: definition.needsUsername ? [address, username, secret] : [address, secret],
  };
}

function field(id: string, label: string, { description, value = '', placeholder, required = true, max }: Field) {
  return {
    type: ComponentType.Label as const,
    label,
    ...(description === undefined ? {} : { description }),
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
