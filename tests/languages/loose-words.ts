import ts from 'typescript';

/** A text in the source that looks like words for people and is in no table of messages. `line` counts from 1. */
export type LooseWords = { line: number; text: string };

/** What these are given is for the log, for whoever hosts or changes the bot, or for the model, and English. */
const notForPeople =
  /^((?!UserError$)\w*Error|DOMException|AbortSignal|describe|regex|literal|addIssue|log|trace|debug|info|warn|error|fatal)$/;
/** The fields of an operation that the model reads, and the sentences that it is asked for with, which each language has of its own. */
const forTheModel = /^(description|sentences)$/;
/** What a person did, as the model reads it in the conversation: the command as it was typed. */
const forTheConversation = /^commandText$/;
/** The fields of a question to a server that take words of its own. */
const forTheServer = /^(sortBy|sortOrder|mediaTypes|format)$/;
/** Names that are the same in every language. */
const programs =
  /^(Radarr|Sonarr|Lidarr|Readarr|Prowlarr|Whisparr|Bazarr|Jellyfin|Seerr|Jellyseerr|qBittorrent|Assistarr|Discord)$/;
/** A path without anything after it, and what is sent as it stands: in HTTP a line ends like this. */
const ofTheProtocol = /^\/[\w{}./-]*$|\r\n/;
/** Two words beside each other, or one that begins like a label. */
const looksLikeWords = /\p{L}{2,}[,:;.!?…]* +\p{L}|^\P{L}*\p{Lu}\p{Ll}{2,}[.!?…]*$/u;

/** The texts of a source file that are words for people and stand outside of `messages(…)`. */
export function looseWordsIn(source: string, { keepsDescriptions }: { keepsDescriptions: boolean }): LooseWords[] {
  const file = ts.createSourceFile('source.ts', source, ts.ScriptTarget.Latest, true);
  const found: LooseWords[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node) || ts.isTypeNode(node)) return;
    if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
      const name = nameOf(node.expression);
      if (name === 'messages' || notForPeople.test(name)) return;
    }
    if (ts.isPropertyAssignment(node)) {
      const name = node.name.getText(file);
      if (forTheConversation.test(name) || (keepsDescriptions && forTheModel.test(name))) return;
    }
    if (ts.isPropertyAssignment(node) && forTheServer.test(node.name.getText(file))) return;
    const text = textOf(node);
    if (text !== null && isWords(text) && !isAmongTheCode(node))
      found.push({ line: file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1, text });
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function isWords(text: string): boolean {
  return looksLikeWords.test(text) && !programs.test(text) && !ofTheProtocol.test(text);
}

/** The last name of what is called: `info` of `context.log.info`, `log` of `context.log[level]`. */
function nameOf(called: ts.Expression): string {
  if (ts.isIdentifier(called)) return called.text;
  if (ts.isElementAccessExpression(called)) return nameOf(called.expression) === 'log' ? 'log' : '';
  return ts.isPropertyAccessExpression(called) ? called.name.text : '';
}

/** A text, with a place holder for what is put into it. */
function textOf(node: ts.Node): string | null {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return null;
  return node.head.text + node.templateSpans.map(({ literal }) => `{}${literal.text}`).join('');
}

/** A text that is compared, or names a property: the code's own. */
function isAmongTheCode({ parent }: ts.Node): boolean {
  return (
    (ts.isPropertyAssignment(parent) && ts.isStringLiteral(parent.name) && parent.name === parent.getChildAt(0)) ||
    ts.isCaseClause(parent) ||
    ts.isElementAccessExpression(parent) ||
    (ts.isBinaryExpression(parent) && /^[!=]==?$/.test(parent.operatorToken.getText()))
  );
}
