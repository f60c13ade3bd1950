import type { Json } from './state.ts';
import { isObject, objects } from './validate-components.ts';

/** All components of a message, nested ones too. */
export function flatten(components: readonly Json[]): Json[] {
  return components.flatMap((component) => [
    component,
    ...flatten(objects(component.components)),
    ...(isObject(component.accessory) ? [component.accessory] : []),
  ]);
}
