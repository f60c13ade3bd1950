import { z } from 'zod';
import type { Kept } from './json-projection.ts';
import { itemsOf } from './list-of.ts';

const known = new WeakMap<z.ZodType, Kept>();

/**
 * The fields of a reply that its schema reads. Throws for a schema whose work is not limited: z.array and z.record collect an issue for
 * every invalid item (use `listOf`, or an object with the fields that are read), z.any and z.unknown keep everything.
 */
export function keptBy(schema: z.ZodType): Kept {
  const there = known.get(schema);
  if (there !== undefined) return there;
  const kept = read(schema);
  known.set(schema, kept);
  return kept;
}

function read(schema: z.ZodType): Kept {
  const items = itemsOf(schema);
  if (items !== null) return { fields: null, items: keptBy(items) };
  if (schema instanceof z.ZodObject) {
    const shape: Record<string, z.ZodType> = schema.shape;
    return {
      fields: new Map(Object.entries(shape).map(([name, field]) => [name, keptBy(field)])),
      items: null,
    };
  }
  if (schema instanceof z.ZodUnion) return schema.options.map(asSchema).map(keptBy).reduce(merged);
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) return keptBy(asSchema(schema.unwrap()));
  if (schema instanceof z.ZodPipe) return keptBy(asSchema(schema.in));
  const isScalar =
    schema instanceof z.ZodString ||
    schema instanceof z.ZodNumber ||
    schema instanceof z.ZodBoolean ||
    schema instanceof z.ZodLiteral;
  if (isScalar) return 'scalar';
  throw new Error(`a reply is not to be checked by a schema of the type ${schema.type}`);
}

/** zod gives inner schemas by their core type. */
function asSchema(inner: unknown): z.ZodType {
  if (inner instanceof z.ZodType) return inner;
  throw new Error('not a schema of zod');
}

function merged(one: Kept, other: Kept): Kept {
  if (one === 'whole' || other === 'whole') return 'whole';
  if (one === 'scalar') return other;
  if (other === 'scalar') return one;
  const fields = new Map(one.fields ?? []);
  for (const [name, kept] of other.fields ?? []) fields.set(name, merged(fields.get(name) ?? kept, kept));
  const items =
    one.items === null || other.items === null ? (one.items ?? other.items) : merged(one.items, other.items);
  return { fields: fields.size === 0 && one.fields === null && other.fields === null ? null : fields, items };
}
