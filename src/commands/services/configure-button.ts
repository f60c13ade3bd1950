import { messages, type Say } from '../../messages.ts';
import { type ServiceName, serviceDefinitions } from '../../services/registry.ts';
import { buttonRow } from '../cards/controls.ts';

export const configureButtonMessages = messages('configure_button', { setUp: 'Set up {label}' });

/** A row with a button for each named service that opens its `configure` modal. At most five names. */
export function configureButton(say: Say, ...names: readonly ServiceName[]) {
  return buttonRow(
    names.map((name) => ({
      id: `services:configure:${name}`,
      label: say(configureButtonMessages.setUp, { label: serviceDefinitions[name].label }),
    })),
  );
}
