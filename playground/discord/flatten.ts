import { isObject, type Json, objects } from '../json.ts';

/** All components of a message or modal, nested ones too, in the order in which they are shown. */
export function flatten(components: readonly Json[]): Json[] {
  return components.flatMap((component) => [
    component,
    ...flatten(objects(component.components)),
    ...(isObject(component.accessory) ? [component.accessory] : []),
    ...(isObject(component.component) ? [component.component] : []),
  ]);
}
