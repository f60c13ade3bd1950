import { ChatSDKError } from '../errors.ts';
import type { Saying } from '../messages.ts';
import { type ServiceName, serviceDefinitions } from '../services/registry.ts';
import { sayTo } from './caller.ts';
import { describeError, isExpected } from './describe-error.ts';
import type { Stack } from './stack.ts';

/** What a command wants besides: each problem as it may be said, in one language to the person and in English to the model. */
export type ProblemExtras = { onProblem: (problem: Saying) => void };

/** Asks several services side by side: half an answer is shown with what is missing. Throws what is none of a service's failures. */
export async function fromEach<Name extends ServiceName, Answer>(
  names: readonly Name[],
  stack: Stack,
  ask: (name: Name) => Promise<Answer>,
): Promise<{ service: string; answer: Answer | null; problem: Saying | null }[]> {
  return Promise.all(
    names
      .filter((name) => stack.has(name))
      .map(async (name) => {
        const service = serviceDefinitions[name].label;
        try {
          return { service, answer: await ask(name), problem: null };
        } catch (error) {
          if (!isExpected(error) && !(error instanceof ChatSDKError)) throw error;
          return { service, answer: null, problem: (say) => describeError(error, say) };
        }
      }),
  );
}

/** The problems in the words of whoever reads the output; `onProblem` is told of each. */
export function problemsFor(
  stack: Stack,
  problems: readonly Saying[],
  { onProblem }: Partial<ProblemExtras>,
): string[] {
  const say = sayTo(stack.caller);
  return problems.map((problem) => {
    onProblem?.(problem);
    return problem(say);
  });
}
