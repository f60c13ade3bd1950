import { z } from 'zod';
import { messages, type Saying } from '../../messages.ts';
import { serviceDefinitions } from '../../services/registry.ts';
import { sayTo } from '../caller.ts';
import { fromEach } from '../from-each.ts';
import { defineReadTool } from '../tool.ts';

/** How one server is. */
const statusSchema = z.discriminatedUnion('works', [
  z.object({ service: z.string(), works: z.literal(true), version: z.string(), holds: z.string(), ms: z.number() }),
  z.object({ service: z.string(), works: z.literal(false), problem: z.string() }),
]);
export type ServiceStatus = z.output<typeof statusSchema>;

type StatusExtras = { onAnswer: (status: ServiceStatus, problem: Saying | null) => void };

const words = messages('get_service_status', {
  activity: 'Checking your servers',
});

export const getServiceStatus = defineReadTool({
  name: 'get_service_status',
  description: 'Whether each of the person’s media servers answers, its version and what it holds.',
  services: ['radarr', 'sonarr', 'jellyfin', 'jellyseerr', 'qbittorrent'],
  input: z.object({}),
  output: z.object({ services: z.array(statusSchema) }),
  words,
  sentences: {
    phrases: [
      {
        says: [
          'are my|the|our servers|services up|ok|okay|fine|working|running|online',
          'how are my|the|our servers|services',
          'is everything ok|okay|fine|working|up',
          '[server|service] status',
        ],
      },
    ],
    input: {},
    answer: ({ services }) =>
      services
        .map((one) => (one.works ? `- ${one.service} ${one.version} works: ${one.holds}` : `- ${one.problem}`))
        .join('\n'),
  },
  /** Asks all side by side; `onAnswer` is told of each as soon as it answers, and of its problem as it may be said. */
  async run(stack, _input, options, { onAnswer }: Partial<StatusExtras>) {
    const say = sayTo(stack.caller);
    const services = await Promise.all(
      stack.services.map(async ({ name }) => {
        const begun = performance.now();
        const [asked] = await fromEach([name], stack, (service) => stack.get(service).check(options));
        const ms = Math.round(performance.now() - begun);
        const { label: service } = serviceDefinitions[name];
        const status: ServiceStatus =
          asked?.answer == null
            ? { service, works: false, problem: asked?.problem?.(say) ?? '' }
            : { service, works: true, ...asked.answer, ms };
        onAnswer?.(status, asked?.problem ?? null);
        return status;
      }),
    );
    return { services };
  },
});
