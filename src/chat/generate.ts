import {
  isStepCount,
  type ModelMessage,
  streamText,
  type ToolSet,
  tool,
  toUIMessageStream,
  type UIMessageChunk,
} from 'ai';
import type { HeldTurn } from '../db/queries/streams.ts';
import type { User } from '../db/schema.ts';
import type { Message } from '../messages.ts';
import { boundedOutput } from '../tools/bounded-output.ts';
import { callReadTool } from '../tools/ledger.ts';
import { type ModelTool, modelTools } from '../tools/model-tools.ts';
import { toolsOf } from '../tools/registry.ts';
import type { LedgerContext } from '../tools/run-claimed.ts';
import type { Stack } from '../tools/stack.ts';
import type { AnyTool } from '../tools/tool.ts';
import { AnswerBudget, boundedModel, type Model, refusedCallText } from './bounded-model.ts';
import { inputSchema } from './input-schema.ts';
import { instructionsFor } from './instructions.ts';
import { describeModelError, modelErrorForLog, modelMessages, serverWords } from './model-errors.ts';
import {
  byOperation,
  cutMark,
  isWaiting,
  joinTexts,
  type Parts,
  refusedCards,
  storedParts,
  textOf,
  withTexts,
} from './parts.ts';
import { refuseInWords } from './refused-input.ts';
import type { Sink } from './sink.ts';
import { Watchdog } from './watchdog.ts';

export type GenerateContext = {
  ledger: LedgerContext;
  /** What the model's server said, as this person may read it: scrubbed for who hosts the bot, null for everyone else. */
  wordsForHost?(user: User, words: string): string | null;
};

export type Generated = {
  parts: Parts;
  text: string;
  /** The bot is stopping: the person may try again. */
  isCut?: boolean;
};
type Request = {
  model: Model;
  stack: Stack;
  user: User;
  chatId: string;
  messageId: string;
  messages: ModelMessage[];
  turn: HeldTurn;
  signal: AbortSignal;
};

const mostSteps = 10;
/** Eight messages in Discord; longer answers are usually repetitions. */
const longestAnswer = 16_000;

/**
 * Asks the model and runs its look-ups until it has answered or waits for a press. Never throws when the model fails:
 * the failure is added to the end of the answer.
 */
export async function generate(
  context: GenerateContext,
  request: Request,
  sink: Pick<Sink, 'say' | 'text' | 'activity'>,
): Promise<Generated> {
  const { say } = sink;
  const watchdog = new Watchdog({ limitMs: context.ledger.limits.modelMs, signal: request.signal });
  const budget = new AnswerBudget();
  let problem: unknown = null;
  let steps = 0;
  let lastStepCalled = false;
  let parts: Parts | null = null;
  const result = streamText({
    model: boundedModel(request.model, { budget, heard: () => watchdog.heard() }),
    instructions: instructionsFor(request.stack, request.user, new Date()),
    messages: request.messages,
    tools: toolSet(context.ledger, request, { watchdog, budget }),
    stopWhen: isStepCount(mostSteps),
    repairToolCall: refuseInWords,
    // The person can ask again; waiting between retries here would look like a model that hangs.
    maxRetries: 0,
    abortSignal: watchdog.signal,
    // Nobody listens, and each event would be copied and searched for credentials.
    telemetry: { isEnabled: false },
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
  const isTooLong = () => budget.isSpent || shown.length > longestAnswer;
  try {
    for await (const chunk of stream) {
      watchdog.heard();
      shown.take(chunk);
      if (isTooLong()) watchdog.abort(new Error('the answer got too long'));
    }
  } catch (error) {
    problem ??= error;
  } finally {
    watchdog.stop();
  }
  const { parts: said, leftOut } = refusedCards(storedParts(byOperation(parts ?? shown.parts())), budget.refusedCalls);
  const notes = notesOn(budget, leftOut).map((note) => say(note));
  const hasCard = said.some(isWaiting);
  if (isTooLong()) return withText(withTexts(said, longestAnswer), say(modelMessages.tooLong));
  if (watchdog.timedOut || request.signal.aborted || problem !== null) {
    const kind = watchdog.timedOut ? 'silent' : request.signal.aborted ? 'stopped' : 'failed';
    const model = problem === null ? undefined : modelErrorForLog(problem, request.messages);
    context.ledger.log.warn({ messageId: request.messageId, kind, model }, 'the model failed');
    const forHost = context.wordsForHost?.(request.user, serverWords(problem, request.messages) ?? '') ?? null;
    if (kind === 'stopped') {
      const { parts, text } = withText(said, ...notes, say(modelMessages.restarted));
      return { parts: [...parts, cutMark], text, isCut: true };
    }
    const words = kind === 'silent' ? say(modelMessages.silent) : describeModelError(problem, forHost, say);
    return withText(said, ...notes, words);
  }
  if (notes.length > 0) return withText(said, ...notes);
  if (steps >= mostSteps && lastStepCalled && !hasCard) return withText(said, say(modelMessages.tooManySteps));
  const text = textOf(said);
  if (text !== '') return { parts: said, text };
  return withText(said, say(hasCard ? modelMessages.readyWhenYouAre : modelMessages.emptyAnswer));
}

/** One sentence for the person when the model met a limit; the model has been told too. */
function notesOn(budget: AnswerBudget, cardsLeftOut: number): Message[] {
  if (cardsLeftOut > 0) return [modelMessages.tooManyCards];
  if (budget.refusedCalls.size > 0) return [modelMessages.tooManyCalls];
  return budget.cutArguments ? [modelMessages.cutArguments] : [];
}

/** What the sink has been told so far. */
class Shown {
  readonly #sink: Pick<Sink, 'say' | 'text' | 'activity'>;
  readonly #texts: string[] = [];
  length = 0;

  constructor(sink: Pick<Sink, 'say' | 'text' | 'activity'>) {
    this.#sink = sink;
    sink.activity(sink.say(modelMessages.thinking));
  }

  take(chunk: UIMessageChunk): void {
    if (chunk.type === 'text-start') this.#texts.push('');
    if (chunk.type === 'text-delta') {
      this.#texts.push((this.#texts.pop() ?? '') + chunk.delta);
      this.length += chunk.delta.length;
      if (this.length > longestAnswer) return;
      this.#sink.activity(null);
      this.#sink.text(joinTexts(this.#texts));
    }
    if (chunk.type === 'tool-input-start') this.#begins(modelTools.operationOf({ name: chunk.toolName, input: null }));
    if (chunk.type === 'tool-input-available') this.#beginsAction({ name: chunk.toolName, input: chunk.input });
  }

  #begins(meant: { operation: AnyTool } | null): void {
    if (meant?.operation.effect === 'read') this.#sink.activity(this.#sink.say(meant.operation.words.activity));
  }

  /** Only the input says which action of a group it is; of other tools it is known from the name. */
  #beginsAction({ name, input }: { name: string; input: unknown }): void {
    if (modelTools.operationOf({ name, input: null }) === null) this.#begins(modelTools.operationOf({ name, input }));
  }

  /** The text alone, for a stream that broke before it gave its parts. */
  parts(): Parts {
    return this.#texts.map((text) => ({ type: 'text', text }));
  }
}

/** Look-ups run here through the ledger. What waits for a press has no `execute`: the ledger alone runs it, later. */
function toolSet(
  ledger: LedgerContext,
  request: Request,
  { watchdog, budget }: { watchdog: Watchdog; budget: AnswerBudget },
): ToolSet {
  const execute =
    ({ name }: ModelTool) =>
    async (given: unknown, { toolCallId }: { toolCallId: string }) => {
      if (budget.refusedCalls.has(toolCallId)) return { problem: refusedCallText };
      const meant = modelTools.operationOf({ name, input: given });
      if (meant === null) throw new Error(`an input of ${name} was taken that no operation is meant by`);
      const { outcome } = await watchdog.aside(() =>
        callReadTool(ledger, {
          tool: meant.operation,
          input: meant.input,
          stack: request.stack,
          chatId: request.chatId,
          // The answer's row is written when it is whole, so its id can't be referred to yet.
          messageId: null,
          dedupeKey: `${request.messageId}:${toolCallId}`,
          signal: watchdog.signal,
          turn: request.turn,
        }),
      );
      return boundedOutput(outcome.status === 'succeeded' ? outcome.output : { problem: outcome.error });
    };
  return Object.fromEntries(
    modelTools.toolsFor(toolsOf(request.stack)).map((one) => {
      const described = { description: one.description, inputSchema: inputSchema(one) };
      return [one.name, one.isRead ? tool({ ...described, execute: execute(one) }) : tool(described)];
    }),
  );
}

function withText(parts: Parts, ...words: string[]): Generated {
  const whole: Parts = [...parts, ...words.map((text) => ({ type: 'text' as const, text }))];
  return { parts: whole, text: textOf(whole) };
}
