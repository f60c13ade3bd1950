import {
  isStepCount,
  type LanguageModel,
  type ModelMessage,
  readUIMessageStream,
  streamText,
  type ToolSet,
  tool,
  toUIMessageStream,
  type UIMessage,
} from 'ai';
import { callReadTool, type LedgerContext } from '../tools/ledger.ts';
import { isPressToolName, isToolName, tools, toolsOf } from '../tools/registry.ts';
import type { Stack } from '../tools/stack.ts';
import type { AnyTool } from '../tools/tool.ts';
import { instructionsFor } from './instructions.ts';
import { providerOptions } from './model.ts';
import { describeModelError, emptyAnswerText, tooManyStepsText } from './model-errors.ts';
import type { Sink } from './sink.ts';

export type Parts = UIMessage['parts'];
export type Generated = { parts: Parts; text: string };

const mostSteps = 10;

/**
 * Asks the model and runs its look-ups until it has answered or waits for a press. Never throws for the model's sake:
 * what went wrong becomes part of the answer, behind what there was of it.
 */
export async function generate(
  context: LedgerContext & { model: LanguageModel },
  request: { stack: Stack; chatId: string; messageId: string; messages: ModelMessage[]; signal: AbortSignal },
  sink: Pick<Sink, 'text' | 'activity'>,
): Promise<Generated> {
  let problem: unknown = null;
  let steps = 0;
  const result = streamText({
    model: context.model,
    instructions: instructionsFor(request.stack, new Date()),
    messages: request.messages,
    tools: toolSet(context, request),
    stopWhen: isStepCount(mostSteps),
    maxRetries: 1,
    abortSignal: request.signal,
    timeout: { firstChunkMs: context.limits.modelMs, chunkMs: context.limits.modelMs },
    providerOptions,
    onError: ({ error }) => {
      problem = error;
    },
    onAbort: () => {
      problem ??= new DOMException('the model was stopped', 'AbortError');
    },
    onStepEnd: () => {
      steps++;
    },
  });
  let parts: Parts = [];
  const stream = toUIMessageStream({ stream: result.stream, sendReasoning: false, redactToolErrors: false });
  try {
    for await (const message of readUIMessageStream({ stream })) {
      parts = message.parts;
      sink.activity(activityOf(parts));
      sink.text(textOf(parts));
    }
  } catch (error) {
    problem ??= error;
  }
  if (problem !== null) context.log.warn({ err: problem, messageId: request.messageId }, 'the model failed');
  const ended = completed(parts);
  const hasCard = ended.some((part) => isWaiting(part));
  const words =
    problem !== null
      ? describeModelError(problem)
      : steps >= mostSteps && !hasCard && endsWithTool(ended)
        ? tooManyStepsText
        : null;
  if (words !== null) return withText(ended, words);
  if (textOf(ended) !== '') return { parts: ended, text: textOf(ended) };
  return withText(ended, hasCard ? 'Shall I go ahead?' : emptyAnswerText);
}

/** Look-ups run here through the ledger. What waits for a press has no `execute`: the ledger alone runs it, later. */
function toolSet(
  context: LedgerContext,
  request: { stack: Stack; chatId: string; messageId: string; signal: AbortSignal },
): ToolSet {
  const execute =
    (one: AnyTool) =>
    async (input: unknown, { toolCallId }: { toolCallId: string }) => {
      const { outcome } = await callReadTool(context, {
        tool: one,
        input,
        stack: request.stack,
        chatId: request.chatId,
        // The answer's row is written when it is whole, so its id can't be referred to yet.
        messageId: null,
        dedupeKey: `${request.messageId}:${toolCallId}`,
        signal: request.signal,
      });
      return outcome.status === 'succeeded' ? outcome.output : { problem: outcome.error };
    };
  return Object.fromEntries(
    toolsOf(request.stack).map((one) => {
      const described = { description: one.description, inputSchema: one.input };
      return [one.name, one.effect === 'read' ? tool({ ...described, execute: execute(one) }) : tool(described)];
    }),
  );
}

/** The text of an answer: what is stored is what is shown. */
export function textOf(parts: Parts): string {
  return parts
    .flatMap((part) => (part.type === 'text' ? [part.text.trim()] : []))
    .filter((text) => text !== '')
    .join('\n\n');
}

/** Whether a part is a call that the person has to press for. */
export function isWaiting(part: Parts[number]): boolean {
  return 'toolCallId' in part && part.state === 'input-available' && isPressToolName(part.type.slice('tool-'.length));
}

function activityOf(parts: Parts): string | null {
  const last = parts.at(-1);
  if (last === undefined || !('toolCallId' in last) || last.state === 'output-available') return null;
  const name = last.type.slice('tool-'.length);
  return isToolName(name) ? tools[name].activity : null;
}

/** Only what can be replayed: a call that was cut off before its result says so, half an input is left out. */
function completed(parts: Parts): Parts {
  return parts.flatMap((part): Parts => {
    if (part.type === 'text') return [{ type: 'text', text: part.text.replaceAll('\u0000', '') }];
    if (part.type === 'step-start') return [part];
    if (!('toolCallId' in part) || part.type === 'dynamic-tool' || part.state === 'input-streaming') return [];
    const { type, toolCallId, input } = part;
    if (part.state === 'input-available' && !isWaiting(part))
      return [
        { type, toolCallId, input, state: 'output-error', errorText: 'The answer was cut off before this ended.' },
      ];
    if (part.state === 'output-available') return [{ type, toolCallId, input, state: part.state, output: part.output }];
    if (part.state === 'output-error')
      return [{ type, toolCallId, input: input ?? {}, state: part.state, errorText: part.errorText }];
    return isWaiting(part) ? [{ type, toolCallId, input, state: 'input-available' }] : [];
  });
}

function endsWithTool(parts: Parts): boolean {
  return parts.at(-1)?.type.startsWith('tool-') ?? false;
}

function withText(parts: Parts, words: string): Generated {
  const whole: Parts = [...parts, { type: 'text', text: words }];
  return { parts: whole, text: textOf(whole) };
}
