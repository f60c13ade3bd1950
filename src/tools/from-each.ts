import { ChatSDKError } from '../errors.ts';
import { type ServiceName, serviceDefinitions } from '../services/registry.ts';
import { sayTo } from './caller.ts';
import { describeError, isExpected } from './describe-error.ts';
import type { Stack } from './stack.ts';

/** Asks several services side by side: half an answer is shown with what is missing. Throws what is none of a service's failures. */
export async function fromEach<Name extends ServiceName, Answer>(
  names: readonly Name[],
  stack: Stack,
  ask: (name: Name) => Promise<Answer>,
): Promise<{ service: string; answer: Answer | null; problem: string | null }[]> {
  return Promise.all(
    names
      .filter((name) => stack.has(name))
      .map(async (name) => {
        const service = serviceDefinitions[name].label;
        try {
          return { service, answer: await ask(name), problem: null };
        } catch (error) {
          if (!isExpected(error) && !(error instanceof ChatSDKError)) throw error;
          return { service, answer: null, problem: describeError(error, sayTo(stack.caller)) };
        }
      }),
  );
}
