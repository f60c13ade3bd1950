import { jsonSchema, type Schema } from 'ai';
import type { ModelTool } from '../tools/model-tools.ts';

const schemas = new WeakMap<ModelTool, Schema<unknown>>();

/** A tool's input in the SDK's form. */
export function inputSchema(tool: ModelTool): Schema<unknown> {
  const schema = schemas.get(tool) ?? jsonSchema<unknown>(tool.input, { validate: tool.check });
  schemas.set(tool, schema);
  return schema;
}
