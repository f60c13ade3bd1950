import { z } from 'zod';
import { ChatSDKError } from '../errors.ts';
import { type ServiceName, serviceDefinitions } from '../services/registry.ts';
import { describeError, isExpected } from './describe-error.ts';
import type { Stack } from './stack.ts';
import { defineReadTool, type RunOptions } from './tool.ts';

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
          return { service, answer: null, problem: describeError(error) };
        }
      }),
  );
}

/** How one server is. */
export type ServiceStatus =
  | { service: string; works: true; version: string; holds: string; ms: number }
  | { service: string; works: false; problem: string };

export const getServiceStatus = defineReadTool({
  name: 'get_service_status',
  description: 'Whether each of the person’s media servers answers, its version and what it holds.',
  services: ['radarr', 'sonarr', 'jellyfin', 'jellyseerr', 'qbittorrent'],
  input: z.object({}),
  activity: 'Asking your servers how they are',
  run: async (stack, _input, options) => ({ services: await checkServices(stack, options) }),
});

/** Asks all of a person's servers side by side how they are, and tells of each as soon as it answers. */
export function checkServices(
  stack: Stack,
  options: RunOptions,
  onAnswer: (status: ServiceStatus) => void = () => undefined,
): Promise<ServiceStatus[]> {
  return Promise.all(
    stack.services.map(async (name) => {
      const begun = performance.now();
      const [asked] = await fromEach([name], stack, (service) => stack.get(service).check(options));
      const ms = Math.round(performance.now() - begun);
      const { label: service } = serviceDefinitions[name];
      const status: ServiceStatus =
        asked?.answer == null
          ? { service, works: false, problem: asked?.problem ?? '' }
          : { service, works: true, ...asked.answer, ms };
      onAnswer(status);
      return status;
    }),
  );
}
