import { readFile, writeFile } from 'node:fs/promises';
import { typedForms } from '../src/commands/command-lines.ts';
import { commands } from '../src/commands/registry.ts';
import { serviceDefinitions } from '../src/services/registry.ts';
import { isToolName, tools } from '../src/tools/registry.ts';
import { examplesOf } from '../src/tools/sentences.ts';

/*
 * `npm run docs`: writes the tables of docs/commands.md from the registries of commands and operations. With `--check` it writes
 * nothing and fails when they are not up to date.
 */

const file = new URL('./commands.md', import.meta.url);
/** Sentences shown of one operation. */
const mostExamples = 2;

const tables = {
  commands: table(
    ['command', 'what it does'],
    commands.flatMap(({ definition }) => typedForms(definition).map((one) => [`\`${one.typed}\``, one.description])),
  ),
  operations: table(
    ['say', 'which is', 'on', 'waits for your press'],
    Object.keys(tools)
      .filter(isToolName)
      .map((name) => [examplesFor(name), `\`${name}\``, labelsOf(name), tools[name].effect === 'read' ? '' : 'yes']),
  ),
};

function examplesFor(name: keyof typeof tools): string {
  return examplesOf(tools[name])
    .slice(0, mostExamples)
    .map(({ forms }) => `“${forms[0] ?? ''}”`)
    .join(', ');
}

function labelsOf(name: keyof typeof tools): string {
  return tools[name].services.map((service) => serviceDefinitions[service].label).join(', ');
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [heads, heads.map(() => '---'), ...rows];
  return lines.map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`).join('\n');
}

/** The text with each table between its marks replaced. */
function filled(text: string): string {
  return Object.entries(tables).reduce((whole, [name, rows]) => {
    const marks = new RegExp(`(<!-- ${name}: [^\\n]* -->\\n)[\\s\\S]*?(<!-- end of ${name} -->)`);
    if (!marks.test(whole)) throw new Error(`docs/commands.md has no place for the table of ${name}`);
    return whole.replace(marks, (_all, begin: string, end: string) => `${begin}${rows}\n${end}`);
  }, text);
}

const text = await readFile(file, 'utf8');
const now = filled(text);
if (!process.argv.includes('--check')) await writeFile(file, now);
else if (now !== text) {
  console.error('docs/commands.md is not up to date: run `npm run docs`.');
  process.exitCode = 1;
}
