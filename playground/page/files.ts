import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

export type ServedFile = { type: string; body: Buffer | string; headers?: Record<string, string> };

const library = '@skyra/discord-components-core';
const browserFolder = fileURLToPath(new URL('./browser/', import.meta.url));
const types: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.ts': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
};

/** The packages that the page imports. Their files are served as they are. */
const names = ['lit', 'lit-html', 'lit-element', '@lit/reactive-element', '@lit/context', library];

const folders = new Map(names.map((name) => [name, folderOf(name)]));

function folderOf(name: string): string {
  const found = fileURLToPath(import.meta.resolve(name));
  const place = join('node_modules', name);
  return found.slice(0, found.lastIndexOf(place) + place.length);
}

const manifest = z.object({ exports: z.record(z.string(), z.unknown()) });

/** What an imported name stands for. The library names each of its files; lit's files are where their names say. */
async function importMap(): Promise<string> {
  const text = await readFile(join(folderOf(library), 'package.json'), 'utf8');
  const components = Object.entries(manifest.parse(JSON.parse(text)).exports).map(([name, file]) => [
    `${library}${name.slice(1)}`,
    `/packages/${library}/${String(file).slice(2)}`,
  ]);
  const lit = [
    ['lit', 'index.js'],
    ['lit-html', 'lit-html.js'],
    ['lit-element', 'index.js'],
    ['@lit/reactive-element', 'reactive-element.js'],
    ['@lit/context', 'index.js'],
  ].flatMap(([name, entry]) => [
    [name, `/packages/${name}/${entry}`],
    [`${name}/`, `/packages/${name}/`],
  ]);
  return JSON.stringify({ imports: Object.fromEntries([...components, ...lit]) });
}

/** The page itself. Nothing but its own files may run in it, and nothing is fetched from outside. */
export async function pageFile(): Promise<ServedFile> {
  const html = await readFile(join(browserFolder, 'index.html'), 'utf8');
  const map = await importMap();
  const hash = createHash('sha256').update(map).digest('base64');
  return {
    type: 'text/html; charset=utf-8',
    body: html.replace('type="importmap">{}', `type="importmap">${map}`),
    headers: {
      'content-security-policy': [
        "default-src 'none'",
        `script-src 'self' 'sha256-${hash}'`,
        // Attributes only: the library of components writes some of its sizes and colours into style attributes.
        "style-src 'self'",
        "style-src-attr 'unsafe-inline'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
      ].join('; '),
    },
  };
}

/** A file of the page or of a package it imports, or null. TypeScript is served without its types. */
export async function scriptFile(path: string): Promise<ServedFile | null> {
  const found = locate(path);
  const type = found === null ? undefined : types[extname(found.file)];
  if (found === null || type === undefined) return null;
  const text = await readFile(found.file, 'utf8').catch(absent);
  if (text === null) return null;
  if (extname(found.file) === '.ts') return { type, body: stripTypeScriptTypes(text) };
  // Without the comment the browser's tools do not ask for source maps, which are not served.
  return { type, body: text.replace(/\n\/\/# sourceMappingURL=\S+\s*$/, '\n') };
}

function locate(path: string): { file: string } | null {
  const own = /^\/page\/([\w-]+\.(?:ts|css))$/.exec(path)?.[1];
  if (own !== undefined) return { file: join(browserFolder, own) };
  for (const [name, folder] of folders) {
    const prefix = `/packages/${name}/`;
    if (!path.startsWith(prefix)) continue;
    const file = normalize(join(folder, path.slice(prefix.length)));
    return file.startsWith(`${folder}/`) && extname(file) === '.js' ? { file } : null;
  }
  return null;
}

function absent(error: unknown): null {
  if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'EISDIR')) return null;
  throw error;
}
