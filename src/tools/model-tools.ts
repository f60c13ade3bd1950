import { boundedText } from './bounded-output.ts';
import { tools } from './registry.ts';
import { mergedFields, type ToldInput, toldInput } from './told-input.ts';
import type { AnyTool } from './tool.ts';

type Call = { name: string; input: unknown };
type Checked = { success: true; value: unknown } | { success: false; error: Error };

/** What the model is told of an operation, or of a group of them that is one tool for it. */
export type ModelTool = {
  name: string;
  description: string;
  isRead: boolean;
  input: ToldInput;
  /** Checks the whole input that the model gave. The error says what to give instead. */
  check(given: unknown): Checked;
};

/** An operation with its input as the model sees it. */
type Told = { operation: AnyTool; input: ToldInput };
type Group = { name: string; actions: Map<string, Told> };

const mostNamed = 3;

/**
 * What the model gets of these operations, in their order: those with the same `model.tool` are one tool for it. Throws where that
 * can't be, such as for a group of operations that only look and others that wait for a press.
 */
export function projectionOf(operations: readonly AnyTool[]) {
  const told = new Map(operations.map((operation) => [operation.name, { operation, input: toldInput(operation) }]));
  const groups = groupsOf([...told.values()]);
  const single = new Map([...told].map(([name, one]) => [name, singleTool(one)]));
  // Made once for each set of services, so that a message need not wait for it.
  const made = new Map([...groups.values()].map((group) => [keyOf(group), groupTool(group)]));

  function madeOf(group: Group): ModelTool {
    const tool = made.get(keyOf(group)) ?? groupTool(group);
    made.set(keyOf(group), tool);
    return tool;
  }

  return {
    /** The model's tools for the operations that a person's servers offer, in the fixed order. */
    toolsFor(offered: readonly AnyTool[]): ModelTool[] {
      const names = new Set(offered.map(({ model, name }) => model?.tool ?? name));
      return [...names].flatMap((name) => {
        const group = groups.get(name);
        if (group === undefined) return single.get(name) ?? [];
        const actions = new Map([...group.actions].filter(([, { operation }]) => offered.includes(operation)));
        return madeOf({ name, actions });
      });
    },

    /** The operation that a call of the model means, with its input; null for a tool or an action that does not exist. */
    operationOf({ name, input }: Call): { operation: AnyTool; input: unknown } | null {
      const group = groups.get(name);
      if (group === undefined) {
        const operation = told.get(name)?.operation;
        return operation === undefined || operation.model !== undefined ? null : { operation, input };
      }
      const { action, ...fields } = fieldsOf(input);
      const operation = actionOf(group, action)?.operation;
      return operation === undefined ? null : { operation, input: fields };
    },

    /** The call of an operation as the model makes it. */
    callOf({ name, input }: Call): Call {
      const model = told.get(name)?.operation.model;
      if (model === undefined) return { name, input };
      return { name: model.tool, input: { action: model.action, ...fieldsOf(input) } };
    },
  };
}

/** What the model gets of everything that the bot can do. */
export const modelTools = projectionOf(Object.values(tools));

function groupsOf(all: readonly Told[]): Map<string, Group> {
  const groups = new Map<string, Group>();
  for (const one of all) {
    const { name: operation, model, effect } = one.operation;
    if (model === undefined) continue;
    const { tool: name, action } = model;
    if (all.some((other) => other.operation.name === name))
      throw new Error(`${operation} is an action of ${name}, but ${name} is the name of an operation`);
    const { actions } = groups.get(name) ?? { actions: new Map<string, Told>() };
    if (actions.has(action)) throw new Error(`${name} has two actions with the name ${action}`);
    for (const { operation: other } of actions.values())
      if ((other.effect === 'read') !== (effect === 'read'))
        throw new Error(`${name} mixes reads and presses: ${other.name} and ${operation}`);
    actions.set(action, one);
    groups.set(name, { name, actions });
  }
  return groups;
}

function keyOf({ name, actions }: Group): string {
  return `${name}: ${[...actions.keys()].join(', ')}`;
}

function singleTool({ operation, input }: Told): ModelTool {
  const { name, description, effect } = operation;
  const check = (given: unknown) => checked({ operation, input }, given, { called: name, besides: [] });
  return { name, description, isRead: effect === 'read', input, check };
}

/** One flat object: a union of the actions' inputs takes four times the tokens, and OpenAI refuses one at the top. */
function groupTool({ name, actions }: Group): ModelTool {
  const names = [...actions.keys()];
  const members = [...actions.values()];
  const fields = mergedFields(members.map(({ operation, input }) => ({ name: operation.name, input })));
  if (Object.hasOwn(fields, 'action')) throw new Error(`an operation of the tool ${name} takes a field named action`);
  return {
    name,
    description: [...actions]
      .map(([action, one]) => `${action}${signatureOf(one)}: ${one.operation.description}`)
      .join('\n'),
    isRead: members.every(({ operation }) => operation.effect === 'read'),
    input: { type: 'object', properties: { action: { type: 'string', enum: names }, ...fields }, required: ['action'] },
    check(given) {
      const { action, ...fields } = fieldsOf(given);
      const meant = actionOf({ name, actions }, action);
      if (meant === undefined) return refused(`\`action\` must be one of: ${names.join(', ')}.`);
      const result = checked(meant, fields, { called: `${name} with the action ${action}`, besides: ['action'] });
      return result.success ? { success: true, value: { action, ...fieldsOf(result.value) } } : result;
    },
  };
}

function actionOf({ actions }: Group, action: unknown): Told | undefined {
  return typeof action === 'string' ? actions.get(action) : undefined;
}

/** The fields that an action takes: "(tvdbId, seasons?)"; nothing where it takes none. */
function signatureOf({ input: { properties, required = [] } }: Told): string {
  const fields = Object.keys(properties).map((field) => (required.includes(field) ? field : `${field}?`));
  return fields.length === 0 ? '' : `(${fields.join(', ')})`;
}

/** The operation's own check, and no other fields: one that was dropped silently would leave the model with a wrong idea of the result. */
function checked(
  { operation, input }: Told,
  given: unknown,
  { called, besides }: { called: string; besides: readonly string[] },
): Checked {
  const known = Object.keys(input.properties);
  const surplus = Object.keys(fieldsOf(given)).filter((field) => !known.includes(field));
  if (surplus.length > 0) {
    const named = surplus.slice(0, mostNamed).map((field) => `\`${boundedText(field, 50)}\``);
    const taken = [...besides, ...known];
    const takes = taken.length === 0 ? 'no arguments' : `only these arguments: ${taken.join(', ')}`;
    return refused(`${called} takes ${takes}. Leave out ${named.join(', ')}.`);
  }
  const parsed = operation.input.safeParse(given);
  return parsed.success ? { success: true, value: parsed.data } : { success: false, error: parsed.error };
}

/** None of what is no object with fields. */
function fieldsOf(input: unknown): Record<string, unknown> {
  return typeof input === 'object' && input !== null && !Array.isArray(input) ? { ...input } : {};
}

function refused(words: string): Checked {
  return { success: false, error: new Error(words) };
}
