import { readdirSync, readFileSync } from 'node:fs';
import ts from 'typescript';
import { languages } from '../../src/languages/languages.ts';

/*
 * Adds a language that says each English sentence in brackets, so that a test sees what was not said in it. It is read from the source:
 * commands are described when they are imported, so a test imports this before anything of src.
 */

/** Discord's locale of whoever speaks it. */
export const bracketed = 'de';

const source = new URL('../../src/', import.meta.url);

/** The texts of each table of messages in a source file, in brackets, by its subject. */
function tablesIn(file: string): [subject: string, texts: Record<string, string>][] {
  const found: [string, Record<string, string>][] = [];
  const visit = (node: ts.Node): void => {
    ts.forEachChild(node, visit);
    if (!ts.isCallExpression(node) || node.expression.getText() !== 'messages') return;
    const [subject, table] = node.arguments;
    if (subject === undefined || !ts.isStringLiteral(subject)) return;
    if (table === undefined || !ts.isObjectLiteralExpression(table)) return;
    const texts = table.properties.flatMap((text) =>
      ts.isPropertyAssignment(text) && ts.isStringLiteralLike(text.initializer)
        ? [[text.name.getText(), `⟦${text.initializer.text}⟧`]]
        : [],
    );
    if (texts.length !== table.properties.length) throw new Error(`a text of ${subject.text} cannot be read`);
    found.push([subject.text, Object.fromEntries(texts)]);
  };
  const text = readFileSync(new URL(file, source), 'utf8');
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true));
  return found;
}

const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
const tables = files.flatMap(tablesIn).map(([subject, texts]) => [subject, { texts }]);
if (!(languages instanceof Map)) throw new Error('no language can be added');
languages.set(bracketed, Object.fromEntries(tables));

/** What of a text was not said in that language. */
export function unsaidIn(text: string): string {
  const left = text.replaceAll(/⟦[^⟦⟧]*⟧/g, '');
  return left === text ? text : unsaidIn(left);
}
