import {
  isStepCount,
  type LanguageModel,
  type ModelMessage,
  streamText,
  type ToolSet,
  tool,
  toUIMessageStream,
  type UIMessageChunk,
} from 'ai';
import type { User } from '../db/schema.ts';
import { callReadTool, type LedgerContext } from '../tools/ledger.ts';
import { isToolName, tools, toolsOf } from '../tools/registry.ts';
import type { Stack } from '../tools/stack.ts';
import type { AnyTool } from '../tools/tool.ts';
import { inputSchema } from './input-schema.ts';
import { instructionsFor } from './instructions.ts';
import {
  cutText,
  describeModelError,
  emptyAnswerText,
  modelErrorForLog,
  silentText,
  tooLongText,
  tooManyStepsText,
} from './model-errors.ts';
import { isWaiting, joinTexts, type Parts, storedParts, textOf } from './parts.ts';
import type { Sink } from './sink.ts';
import { Watchdog } from './watchdog.ts';

export type Generated = {
  parts: Parts;
  text: string;
  /** The bot is stopping: the person may try again. */
  isCut?: boolean;
};
type Request = {
  stack: Stack;
  user: User;
  chatId: string;
  messageId: string;
  messages: ModelMessage[];
  signal: AbortSignal;
};

const mostSteps = 10;
/** Eight messages in Discord: beyond that a model repeats itself. */
const longestAnswer = 16_000;
const waitsForPressText = 'Ready when you are:';

/**
 * Asks the model and runs its look-ups until it has answered or waits for a press. Never throws for the model's sake:
 * what went wrong becomes part of the answer, behind what there was of it.
 */
export async function generate(
  context: LedgerContext & { model: LanguageModel },
  request: Request,
  sink: Pick<Sink, 'text' | 'activity'>,
): Promise<Generated> {
  const watchdog = new Watchdog({ limitMs: context.limits.modelMs, signal: request.signal });
  let problem: unknown = null;
  let steps = 0;
  let lastStepCalled = false;
  let parts: Parts | null = null;
  const result = streamText({
    model: context.model,
    instructions: instructionsFor(request.stack, request.user, new Date()),
    messages: request.messages,
    tools: toolSet(context, request, watchdog),
    stopWhen: isStepCount(mostSteps),
    // The person asks again where it helps; waiting between tries here would look like a model that hangs.
    maxRetries: 0,
    abortSignal: watchdog.signal,
    onError: ({ error }) => {
      problem ??= error;
    },
    onStepEnd: ({ toolCalls }) => {
      steps++;
      lastStepCalled = toolCalls.length > 0;
    },
  });
  const stream = toUIMessageStream({
    stream: result.stream,
    sendReasoning: false,
    redactToolErrors: false,
    onEnd: ({ responseMessage }) => {
      parts = responseMessage.parts;
    },
  });
  const shown = new Shown(sink);
  try {
    for await (const chunk of stream) {
      watchdog.heard();
      shown.take(chunk);
      if (shown.length > longestAnswer) watchdog.abort(new Error(tooLongText));
    }
  } catch (error) {
    problem ??= error;
  } finally {
    watchdog.stop();
  }
  const said = storedParts(parts ?? shown.parts());
  const hasCard = said.some(isWaiting);
  if (shown.length > longestAnswer) return withText(said, tooLongText);
  if (watchdog.timedOut || request.signal.aborted || problem !== null) {
    const kind = watchdog.timedOut ? 'silent' : request.signal.aborted ? 'stopped' : 'failed';
    const model = problem === null ? undefined : modelErrorForLog(problem);
    context.log.warn({ messageId: request.messageId, kind, model }, 'the model failed');
    const words = { silent: silentText, stopped: cutText, failed: describeModelError(problem) };
    return { ...withText(said, words[kind]), isCut: kind === 'stopped' };
  }
  if (steps >= mostSteps && lastStepCalled && !hasCard) return withText(said, tooManyStepsText);
  const text = textOf(said);
  return text === '' ? withText(said, hasCard ? waitsForPressText : emptyAnswerText) : { parts: said, text };
}

/** What the sink has been told so far. */
class Shown {
  readonly #sink: Pick<Sink, 'text' | 'activity'>;
  readonly #texts: string[] = [];
  length = 0;

  constructor(sink: Pick<Sink, 'text' | 'activity'>) {
    this.#sink = sink;
    sink.activity('Thinking');
  }

  take(chunk: UIMessageChunk): void {
    if (chunk.type === 'text-start') this.#texts.push('');
    if (chunk.type === 'text-delta') {
      this.#texts.push((this.#texts.pop() ?? '') + chunk.delta);
      this.length += chunk.delta.length;
      this.#sink.activity(null);
      this.#sink.text(joinTexts(this.#texts));
    }
    if (chunk.type === 'tool-input-start' && isToolName(chunk.toolName) && tools[chunk.toolName].effect === 'read')
      this.#sink.activity(tools[chunk.toolName].activity);
  }

  /** The text alone, for a stream that broke before it gave its parts. */
  parts(): Parts {
    return this.#texts.map((text) => ({ type: 'text', text }));
  }
}

/** Look-ups run here through the ledger. What waits for a press has no `execute`: the ledger alone runs it, later. */
function toolSet(context: LedgerContext, request: Request, watchdog: Watchdog): ToolSet {
  const execute =
    (one: AnyTool) =>
    async (input: unknown, { toolCallId }: { toolCallId: string }) => {
      const { outcome } = await watchdog.aside(() =>
        callReadTool(context, {
          tool: one,
          input,
          stack: request.stack,
          chatId: request.chatId,
          // The answer's row is written when it is whole, so its id can't be referred to yet.
          messageId: null,
          dedupeKey: `${request.messageId}:${toolCallId}`,
          signal: watchdog.signal,
        }),
      );
      return outcome.status === 'succeeded' ? outcome.output : { problem: outcome.error };
    };
  return Object.fromEntries(
    toolsOf(request.stack).map((one) => {
      const described = { description: one.description, inputSchema: inputSchema(one.input) };
      return [one.name, one.effect === 'read' ? tool({ ...described, execute: execute(one) }) : tool(described)];
    }),
  );
}

function withText(parts: Parts, words: string): Generated {
  const whole: Parts = [...parts, { type: 'text', text: words }];
  return { parts: whole, text: textOf(whole) };
}
