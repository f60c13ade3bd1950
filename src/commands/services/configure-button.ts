import { type ServiceName, serviceDefinitions } from '../../services/registry.ts';
import { buttonRow } from '../cards/controls.ts';

/** A row with a button for each named service that opens its `configure` modal. At most five names. */
export function configureButton(...names: readonly ServiceName[]) {
  return buttonRow(
    names.map((name) => ({ id: `services:configure:${name}`, label: `Set up ${serviceDefinitions[name].label}` })),
  );
}
