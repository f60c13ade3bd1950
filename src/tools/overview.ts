import { z } from 'zod';
import { type ServiceName, serviceDefinitions } from '../services/registry.ts';
import type { QueueItem } from '../services/titles.ts';
import { describeError } from './describe-error.ts';
import type { Stack } from './stack.ts';
import { defineReadTool } from './tool.ts';

/** Asks several services side by side: half an answer is shown with what is missing. */
async function fromEach<Name extends ServiceName, Answer>(
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

export const getDownloadQueue = defineReadTool({
  name: 'get_download_queue',
  description: 'What Radarr and Sonarr are downloading now: title, percent, seconds left, and why something is stuck.',
  services: ['radarr', 'sonarr'],
  input: z.object({}),
  activity: 'Looking at the downloads',
  async run(stack, _input, options) {
    const queues = await fromEach(['radarr', 'sonarr'], stack, (name) => stack.get(name).queue(options));
    return {
      downloads: queues.flatMap((queue) =>
        (queue.answer ?? []).slice(0, 25).map((item) => ({ service: queue.service, ...queueSummary(item) })),
      ),
      problems: queues.flatMap((queue) => (queue.problem === null ? [] : [queue.problem])),
    };
  },
});

function queueSummary(item: QueueItem) {
  return {
    title: item.title,
    season: item.seasonNumber,
    episode: item.episodeNumber,
    percent: Math.floor(item.percent),
    secondsLeft: item.secondsLeft,
    state: item.state,
    reason: item.reason,
  };
}

export const getServiceStatus = defineReadTool({
  name: 'get_service_status',
  description: 'Whether each of the person’s media servers answers, its version and what it holds.',
  services: ['radarr', 'sonarr', 'jellyfin', 'jellyseerr', 'qbittorrent'],
  input: z.object({}),
  activity: 'Asking your servers how they are',
  async run(stack, _input, options) {
    const checks = await fromEach(stack.services, stack, (name) => stack.get(name).check(options));
    return {
      services: checks.map(({ service, answer, problem }) =>
        answer === null ? { service, works: false, problem } : { service, works: true, ...answer },
      ),
    };
  },
});
