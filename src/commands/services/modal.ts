import { type APIModalInteractionResponseCallbackData, ComponentType, TextInputStyle } from 'discord.js';
import { type ServiceName, serviceDefinitions } from '../../services/registry.ts';
import type { ServiceDefinition } from '../../services/service.ts';

/** Discord's limit for what is filled in is the field's own; a longer address would keep the modal from opening. */
const longestAddress = 500;
const longestUsername = 100;
const longestSecret = 500;

type Filled = { address: string; username: string };
type Field = { description?: string; value?: string; placeholder?: string; required?: boolean; max: number };

/** The modal of one service: address and user name filled in, the key never. `isStored` makes the key optional. */
export function configureModal(
  name: ServiceName,
  filled: Filled,
  { isStored }: { isStored: boolean },
): APIModalInteractionResponseCallbackData {
  const definition = serviceDefinitions[name];
  const address = field('address', 'Address', {
    description: 'As in your browser; IP address or name, with port.',
    placeholder: `http://192.168.1.20:${definition.defaultPort}`,
    value: filled.address,
    max: longestAddress,
  });
  const secret = field('secret', definition.secretLabel, {
    description: isStored ? 'Leave empty to keep the present one (on the same server only).' : definition.secretHint,
    required: !isStored,
    max: longestSecret,
  });
  const username = field('username', 'User name', { value: filled.username, max: longestUsername });
  return {
    custom_id: `services:submit:${name}`,
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
  definition: Pick<ServiceDefinition<never>, 'needsUsername' | 'secretLabel'>,
): Typed {
  const raw = fields.getTextInputValue('secret');
  const secret = definition.secretLabel === 'Password' ? raw : raw.trim();
  return {
    address: fields.getTextInputValue('address').trim(),
    username: definition.needsUsername ? fields.getTextInputValue('username').trim() : null,
    secret: secret === '' ? null : secret,
  };
}
