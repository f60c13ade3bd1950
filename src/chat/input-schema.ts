import { jsonSchema, type Schema } from 'ai';
import { z } from 'zod';

/**
 * A tool's input as the model is told of it: what the JSON Schema of zod says beyond the input itself (its dialect, the
 * range of every whole number) is left out, for it is paid for with each message. The check is zod's, whole.
 */
export function inputSchema(input: z.ZodType): Schema<unknown> {
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
