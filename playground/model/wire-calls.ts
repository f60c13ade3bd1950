import type { ChatCompletionRequest } from '@copilotkit/aimock';
import { isObject, type Json } from '../json.ts';
import { operations } from './operations.ts';

/** A call by the name and with the input that it has on the wire, or here. */
type Call = { name: string; input: Json };

/** The operations that a request offers, by themselves or as actions of one of its tools. */
export function offeredIn(request: ChatCompletionRequest): string[] {
  const tools: unknown[] = request.tools ?? [];
  return tools.flatMap((tool) => {
    const told = isObject(tool) && isObject(tool.function) ? tool.function : tool;
    if (!isObject(told) || typeof told.name !== 'string') return [];
    const actions = actionsOf(told.parameters);
    if (actions === null) return [told.name];
    return actions.flatMap((action) => operationFor(String(told.name), action) ?? []);
  });
}

/** The values that a tool's `action` may have; null for a tool without one. */
function actionsOf(parameters: unknown): unknown[] | null {
  const properties = isObject(parameters) ? parameters.properties : null;
  const action = isObject(properties) ? properties.action : null;
  return isObject(action) && Array.isArray(action.enum) ? action.enum : null;
}

/** The operation that a call on the wire means; a call that means none stays what it is. */
export function operationCall({ name, input }: Call): Call {
  const { action, ...fields } = input;
  const operation = operationFor(name, action);
  return operation === undefined ? { name, input } : { name: operation, input: fields };
}

/** The call of an operation as it goes over the wire. */
export function wireCall(operation: string, input: object): { name: string; input: object } {
  const model = operations.get(operation)?.model;
  return model === undefined
    ? { name: operation, input }
    : { name: model.tool, input: { action: model.action, ...input } };
}

function operationFor(tool: string, action: unknown): string | undefined {
  return [...operations.values()].find(({ model }) => model?.tool === tool && model.action === action)?.name;
}
