import { jsonSchema, type Schema } from 'ai';
import { z } from 'zod';

/** Made once for each tool: it takes longer than everything else before the model is asked. */
const schemas = new WeakMap<z.ZodType, Schema<unknown>>();

/**
 * A tool's input as the model is told of it: what the JSON Schema of zod says beyond the input itself (its dialect, the
 * range of every whole number) is left out, for it is paid for with each message. The check is zod's, whole.
 */
export function inputSchema(input: z.ZodType): Schema<unknown> {
  const there = schemas.get(input);
  if (there !== undefined) return there;
  const made = schemaOf(input);
  schemas.set(input, made);
  return made;
}

function schemaOf(input: z.ZodType): Schema<unknown> {
  const { $schema: _dialect, ...told } = z.toJSONSchema(input, { target: 'draft-7', io: 'input', override });
  return jsonSchema<unknown>(told, {
    validate: (value) => {
      const parsed = input.safeParse(value);
      return parsed.success ? { success: true, value: parsed.data } : { success: false, error: parsed.error };
    },
  });
}

function override({ jsonSchema: schema }: { jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
}
