import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

/** The folder of the official API documents, beside the project; it need not be there. */
const folder = join(import.meta.dirname, '../../../shared/openapi');

/** Whether the official API documents are there to check against. */
export const documentsAreThere = existsSync(folder);

export type Json = Record<string, unknown>;

/** Whether a value is an object that is no list. */
export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An inner object of a document, or an empty one. */
export function inner(value: unknown, ...keys: string[]): Json {
  let found = value;
  for (const key of keys) found = isJson(found) ? found[key] : undefined;
  return isJson(found) ? found : {};
}

/**
 * Reads an OpenAPI document of the folder, JSON or YAML, and turns the schemas of OpenAPI 3.0 into JSON Schema: `nullable` becomes
 * a type, and what an object does not name it may not have: a misspelt field is what these checks are for.
 */
export function readDocument(file: string): Json {
  const text = readFileSync(join(folder, file), 'utf8');
  const document: unknown = file.endsWith('.yml') ? parse(text, { maxAliasCount: 1000 }) : JSON.parse(text);
  if (!isJson(document)) throw new Error(`${file} is no API document`);
  return String(document.openapi).startsWith('3.0')
    ? inner({ document: toJsonSchema(document) }, 'document')
    : document;
}

function toJsonSchema(value: unknown, isPart = false): unknown {
  if (Array.isArray(value)) return value.map((item) => toJsonSchema(item));
  if (!isJson(value)) return value;
  const { nullable, ...rest } = value;
  const schema: Json = {};
  for (const [key, held] of Object.entries(rest)) {
    // Examples and defaults are data, and a part of `allOf` must let the other parts' fields through.
    if (key === 'example' || key === 'default') continue;
    schema[key] =
      key === 'allOf' && Array.isArray(held)
        ? held.map((part) => toJsonSchema(part, held.length > 1))
        : toJsonSchema(held);
  }
  if (isJson(schema.properties) && schema.additionalProperties === undefined && schema.type === 'object' && !isPart)
    schema.additionalProperties = false;
  return nullable === true ? orNull(schema) : schema;
}

/** OpenAPI 3.0's `nullable: true`. */
function orNull(schema: Json): Json {
  return typeof schema.type === 'string' && schema.enum === undefined
    ? { ...schema, type: [schema.type, 'null'] }
    : { anyOf: [schema, { type: 'null' }] };
}
