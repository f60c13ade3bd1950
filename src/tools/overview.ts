import { z } from 'zod';
import { type ServiceName, serviceDefinitions } from '../services/registry.ts';
import { describeError } from './describe-error.ts';
import type { Stack } from './stack.ts';
import { defineReadTool } from './tool.ts';

/** Asks several services side by side: half an answer is shown with what is missing. */
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
          return { service, answer: null, problem: describeError(error) };
        }
      }),
  );
}

export const getServiceStatus = defineReadTool({
  name: 'get_service_status',
  description: 'Whether each of the person’s media servers answers, its version and what it holds.',
  services: ['radarr', 'sonarr', 'jellyfin', 'jellyseerr', 'qbittorrent'],
  input: z.object({}),
  activity: 'Asking your servers how they are',
  async run(stack, _input, options) {
    const checks = await fromEach(stack.services, stack, async (name) => {
      const begun = performance.now();
      const check = await stack.get(name).check(options);
      return { ...check, ms: Math.round(performance.now() - begun) };
    });
    return {
      services: checks.map(({ service, answer, problem }) =>
        answer === null ? { service, works: false as const, problem } : { service, works: true as const, ...answer },
      ),
    };
  },
});
