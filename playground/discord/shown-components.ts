import { isObject, type Json, objects } from '../json.ts';
import { snowflake } from './state.ts';

/** What Discord fills in where a component left it out, by the component's type. */
const defaults: Record<number, Json> = {
  3: { min_values: 1, max_values: 1 },
  11: { description: null, spoiler: false },
  13: { spoiler: false },
  14: { divider: true, spacing: 1 },
  17: { accent_color: null, spoiler: false },
};

/** A message's components as Discord gives them back: each numbered in the order in which they are shown, defaults filled in. */
export function shownComponents(components: readonly Json[]): Json[] {
  let last = 0;
  const show = (component: Json): Json => {
    last++;
    return {
      ...defaults[Number(component.type)],
      ...component,
      id: typeof component.id === 'number' && component.id > 0 ? component.id : last,
      ...(isObject(component.media) ? { media: shownMedia(component.media) } : {}),
      ...(isObject(component.file) ? { file: shownMedia(component.file) } : {}),
      ...(Array.isArray(component.items) ? { items: objects(component.items).map(shownItem) } : {}),
      ...(Array.isArray(component.components) ? { components: objects(component.components).map(show) } : {}),
      ...(isObject(component.accessory) ? { accessory: show(component.accessory) } : {}),
    };
  };
  return components.map(show);
}

function shownItem(item: Json): Json {
  return {
    description: null,
    spoiler: false,
    ...item,
    ...(isObject(item.media) ? { media: shownMedia(item.media) } : {}),
  };
}

/** Discord gives each picture a number and an address of its own proxy. */
function shownMedia(media: Json): Json {
  return { id: snowflake(), proxy_url: media.url, ...media };
}
