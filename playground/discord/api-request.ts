import type { IncomingMessage } from 'node:http';
import { isObject, type Json } from '../json.ts';
import { entityTooLarge, invalidJson } from './errors.ts';
import type { Upload } from './uploads.ts';

/** A request to the REST API, read whole. */
export type ApiRequest = {
  method: string;
  /** Without /api and the version. */
  path: string;
  query: URLSearchParams;
  /** The body as it came; `body` is it when it is an object, else empty. */
  payload: unknown;
  body: Json;
  uploads: Upload[];
};

const mostBytes = 10 * 1024 * 1024;

/** The path of a request without /api and the version; null when it cannot be decoded. */
export function pathOf(url: URL): string | null {
  try {
    return decodeURIComponent(url.pathname).replace(/^\/api(\/v\d+)?(?=\/)/, '');
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
}

/** Reads JSON, or multipart with `payload_json` and files. Throws 50109 for broken JSON and 40005 over 10 MiB a file. */
export async function readBody(incoming: IncomingMessage): Promise<Pick<ApiRequest, 'payload' | 'body' | 'uploads'>> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
  const bytes = Buffer.concat(chunks);
  if (bytes.length === 0) return { payload: null, body: {}, uploads: [] };
  const type = incoming.headers['content-type'] ?? '';
  if (!type.startsWith('multipart/form-data')) return { ...parse(bytes.toString('utf8')), uploads: [] };
  const form = await new Response(bytes, { headers: { 'content-type': type } }).formData();
  const uploads: Upload[] = [];
  for (const [name, value] of form.entries()) {
    if (typeof value === 'string') continue;
    if (value.size > mostBytes) throw entityTooLarge();
    const content = Buffer.from(await value.arrayBuffer());
    uploads.push({ index: Number(name.replace(/\D/g, '')), name: value.name, type: value.type, bytes: content });
  }
  return { ...parse(String(form.get('payload_json') ?? '{}')), uploads };
}

function parse(text: string): { payload: unknown; body: Json } {
  try {
    const payload: unknown = JSON.parse(text);
    return { payload, body: isObject(payload) ? payload : {} };
  } catch (error) {
    if (error instanceof SyntaxError) throw invalidJson();
    throw error;
  }
}
