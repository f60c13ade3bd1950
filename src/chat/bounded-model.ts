import { createHash } from 'node:crypto';
import { type LanguageModelMiddleware, wrapLanguageModel } from 'ai';

/** A language model itself, not its name. */
export type Model = Parameters<typeof wrapLanguageModel>[0]['model'];
type Stream = Awaited<ReturnType<NonNullable<LanguageModelMiddleware['wrapStream']>>>['stream'];
type Part = Stream extends ReadableStream<infer Each> ? Each : never;

const mostToolCalls = 40;
/** In bytes of UTF-8: the most of one call's arguments, and of everything the model says in a turn. */
export const mostArgumentBytes = 8 * 1024;
const mostStreamBytes = 1024 * 1024;

/** How deep a call's arguments may be nested. */
export const mostLevels = 32;
/** The input of a call whose arguments were cut off: one that no tool takes. */
export const cutInput = '"(cut off)"';
/** To the model, for a call that is over the limit. */
export const refusedCallText =
  'Not run: this answer has made all the tool calls that it may. Answer with what you have.';

const longestId = 100;
const longestName = 64;

/** What a model has said and called in one turn, over all its steps, and which limit it has met. */
export class AnswerBudget {
  bytes = 0;
  calls = 0;
  /** Whether a call's arguments were cut off. */
  cutArguments = false;
  /** The calls over the limit that the model is told about; later calls are left out. */
  readonly refusedCalls = new Set<string>();

  get isSpent(): boolean {
    return this.bytes > mostStreamBytes;
  }
}

/**
 * The model with a turn's limits enforced while it streams: 8 KB of arguments, 40 calls, 1 MB in all. A call whose arguments are cut
 * off ends the step: the model is told so, as for any invalid call, and may continue. `heard` is called for each piece. Pieces of
 * arguments are not passed on, because the SDK would parse all of them again at each.
 */
export function boundedModel(model: Model, { budget, heard }: { budget: AnswerBudget; heard: () => void }): Model {
  return wrapLanguageModel({
    model,
    middleware: {
      wrapStream: async ({ doStream }) => {
        const { stream, ...rest } = await doStream();
        return { ...rest, stream: stream.pipeThrough(boundedStep(budget, heard)) };
      },
    },
  });
}

/** One request's stream. What comes after a limit is never read: ending it here ends the connection. */
function boundedStep(budget: AnswerBudget, heard: () => void): TransformStream<Part, Part> {
  /** The calls whose arguments are coming, with how many bytes of them have come. */
  const open = new Map<string, { toolName: string; bytes: number }>();
  return new TransformStream({
    transform(part, controller) {
      heard();
      switch (part.type) {
        case 'text-delta':
        case 'reasoning-delta':
          budget.bytes += Buffer.byteLength(part.delta);
          break;
        case 'tool-input-start':
          if (budget.calls + open.size > mostToolCalls) return;
          open.set(part.id, { toolName: part.toolName, bytes: 0 });
          return controller.enqueue({ ...part, id: shortId(part.id), toolName: shortName(part.toolName) });
        case 'tool-input-delta': {
          const call = open.get(part.id);
          const size = Buffer.byteLength(part.delta);
          budget.bytes += size;
          if (call !== undefined) call.bytes += size;
          if (call !== undefined && call.bytes > mostArgumentBytes)
            return cutCall(budget, controller, { id: part.id, toolName: call.toolName });
          if (budget.isSpent) controller.terminate();
          return;
        }
        case 'tool-input-end':
          if (open.has(part.id)) controller.enqueue({ ...part, id: shortId(part.id) });
          return;
        case 'tool-call': {
          const size = Buffer.byteLength(part.input);
          // Some servers give the arguments in one piece, here.
          if (!open.delete(part.toolCallId)) budget.bytes += size;
          if (size > mostArgumentBytes || isTooDeep(part.input))
            return cutCall(budget, controller, { id: part.toolCallId, toolName: part.toolName });
          if (!isTaken(budget, part.toolCallId)) return;
          const { toolCallId, toolName } = part;
          controller.enqueue({ ...part, toolCallId: shortId(toolCallId), toolName: shortName(toolName) });
          return;
        }
      }
      if (budget.isSpent) controller.terminate();
      else controller.enqueue(part);
      // The answer has failed: the rest need not be checked.
      if (part.type === 'error') controller.terminate();
    },
  });
}

/** Whether a call is passed on. The first one over the limit is passed on too, so that it can be refused in words. */
function isTaken(budget: AnswerBudget, id: string): boolean {
  budget.calls++;
  if (budget.calls === mostToolCalls + 1) budget.refusedCalls.add(shortId(id));
  return budget.calls <= mostToolCalls + 1;
}

/** Ends the step with this call, which the model is told to have failed. */
function cutCall(
  budget: AnswerBudget,
  controller: TransformStreamDefaultController<Part>,
  { id, toolName }: { id: string; toolName: string },
): void {
  budget.cutArguments = true;
  if (isTaken(budget, id)) {
    const call = { toolCallId: shortId(id), toolName: shortName(toolName), input: cutInput };
    controller.enqueue({ type: 'tool-call', ...call });
  }
  const unknown = { total: undefined, noCache: undefined, cacheRead: undefined, cacheWrite: undefined };
  const usage = { inputTokens: unknown, outputTokens: { total: undefined, text: undefined, reasoning: undefined } };
  controller.enqueue({ type: 'finish', finishReason: { unified: 'tool-calls', raw: undefined }, usage });
  controller.terminate();
}

/** Whether JSON is nested deeper than any tool's input, which the SDK would follow level by level until the stack is full. */
function isTooDeep(input: string): boolean {
  let depth = 0;
  for (const [bracket] of input.replace(/"(?:[^"\\]|\\.)*"/g, '').matchAll(/[[\]{}]/g)) {
    depth += bracket === '[' || bracket === '{' ? 1 : -1;
    if (depth > mostLevels) return true;
  }
  return false;
}

/** A call's id, which becomes part of a key in the database: a long one is replaced by one that is made of it. */
function shortId(id: string): string {
  return id.length <= longestId ? id : createHash('sha256').update(id).digest('hex');
}

function shortName(toolName: string): string {
  return toolName.slice(0, longestName);
}
