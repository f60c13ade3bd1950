import { jsonSchema, type Schema } from 'ai';
import { z } from 'zod';

/** Made once for each tool, because it is the slowest step before the model is asked. */
const schemas = new WeakMap<z.ZodType, Schema<unknown>>();

/**
 * A tool's input as the model sees it. The schema's dialect and the range of every whole number are left out, because each message
 * pays for them. The check itself is zod's, complete.
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
