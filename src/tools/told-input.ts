import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { AnyTool } from './tool.ts';

type Told = z.core.JSONSchema.BaseSchema;
export type ToldInput = { type: 'object'; properties: Record<string, Told>; required?: string[] };

/**
 * An operation's input as the model sees it. The schema's dialect and the range of every whole number are left out, because each message
 * pays for them. Throws where it is no plain list of fields: OpenAI takes nothing else.
 */
export function toldInput({ name, input }: Pick<AnyTool, 'name' | 'input'>): ToldInput {
  const { $schema: _dialect, ...told } = z.toJSONSchema(input, { target: 'draft-7', io: 'input', override });
  const { type, properties = {}, required, ...more } = told;
  if (type !== 'object' || Object.keys(more).length > 0)
    throw new Error(`the input of ${name} must be an object with fields and nothing else: it has ${Object.keys(told)}`);
  const fields = Object.entries(properties).map(([field, schema]) => [field, typeof schema === 'object' ? schema : {}]);
  return { type, properties: Object.fromEntries(fields), ...(required === undefined ? {} : { required }) };
}

function override({ jsonSchema: schema }: { jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
}

/**
 * The fields of several inputs in one list. One that several have is the same in each, but for what is said of it; throws where it is
 * not.
 */
export function mergedFields(inputs: readonly { name: string; input: ToldInput }[]): Record<string, Told> {
  const merged = new Map<string, { first: string; schema: Told; descriptions: Set<string> }>();
  for (const { name, input } of inputs) {
    for (const [field, { description, ...schema }] of Object.entries(input.properties)) {
      const there = merged.get(field) ?? { first: name, schema, descriptions: new Set() };
      if (!isDeepStrictEqual(there.schema, schema))
        throw new Error(
          `${there.first} and ${name} are one tool for the model, but differ in what they take as ${field}`,
        );
      if (description !== undefined) there.descriptions.add(description);
      merged.set(field, there);
    }
  }
  const fields = [...merged].map(([field, { schema, descriptions }]) => [
    field,
    { ...schema, ...(descriptions.size === 0 ? {} : { description: [...descriptions].join('; ') }) },
  ]);
  return Object.fromEntries(fields);
}
