import { z } from 'zod';

/** The schema of a list's items, by the list's schema. */
const items = new WeakMap<z.ZodType, z.ZodType>();

/** The schema of the items of a list made with `listOf`; null for another schema. */
export function itemsOf(schema: z.ZodType): z.ZodType | null {
  return items.get(schema) ?? null;
}

/** A look-up contains no longer lists; longer ones are read by `Http.list`. */
const mostItems = 20_000;

/**
 * A list in a reply. It is checked item by item, only up to the first invalid one: z.array would collect an issue for each of a
 * million.
 */
export function listOf<Item extends z.ZodType>(item: Item) {
  const schema = z.unknown().transform((list, context): z.output<Item>[] => {
    if (!Array.isArray(list) || list.length > mostItems) {
      context.addIssue({ code: 'custom', message: Array.isArray(list) ? 'too long a list' : 'no list' });
      return z.NEVER;
    }
    const checked: z.output<Item>[] = [];
    for (const [index, one] of list.entries()) {
      const parsed = item.safeParse(one);
      if (!parsed.success) {
        const [issue] = parsed.error.issues;
        context.addIssue({ code: 'custom', message: 'not as expected', path: [index, ...(issue?.path ?? [])] });
        return z.NEVER;
      }
      checked.push(parsed.data);
    }
    return checked;
  });
  items.set(schema, item);
  return schema;
}
