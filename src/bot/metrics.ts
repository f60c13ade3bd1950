import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { HttpCall } from '../services/service.ts';
import type { EndedToolCall } from '../tools/run-claimed.ts';

const ackBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3];
const workBuckets = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];

export type EventKind = 'command' | 'component' | 'modal' | 'autocomplete';

/**
 * What a host watches, for Prometheus. Every label has a fixed set of values: no name, no id of a person, a server or a
 * channel is among them.
 */
export class Metrics {
  readonly #registry = new Registry();
  readonly #acknowledgements = new Histogram({
    name: 'assistarr_acknowledgement_seconds',
    help: 'From an interaction’s arrival until Discord has accepted the first answer; it waits for three seconds',
    labelNames: ['kind'] as const,
    buckets: ackBuckets,
    registers: [this.#registry],
  });
  readonly #turns = new Histogram({
    name: 'assistarr_turn_seconds',
    help: 'From a message’s arrival to its complete answer, by outcome',
    labelNames: ['outcome'] as const,
    buckets: workBuckets,
    registers: [this.#registry],
  });
  readonly #toolCalls = new Histogram({
    name: 'assistarr_tool_call_seconds',
    help: 'Tool calls, by tool, service and outcome',
    labelNames: ['tool', 'service', 'outcome'] as const,
    buckets: workBuckets,
    registers: [this.#registry],
  });
  readonly #upstream = new Histogram({
    name: 'assistarr_upstream_seconds',
    help: 'HTTP calls to media servers, by service and outcome',
    labelNames: ['service', 'outcome'] as const,
    buckets: workBuckets,
    registers: [this.#registry],
  });
  readonly #interactionFailures = new Counter({
    name: 'assistarr_interactions_unanswered_total',
    help: 'Interactions that could not be answered',
    registers: [this.#registry],
  });

  /** `running` is asked for at each scrape: events and background work that are under way. */
  constructor({ running }: { running: () => number }) {
    collectDefaultMetrics({ register: this.#registry });
    new Gauge({
      name: 'assistarr_running',
      help: 'Events, turns and background work in progress',
      registers: [this.#registry],
      collect() {
        this.set(running());
      },
    });
  }

  acknowledged(kind: EventKind, ms: number): void {
    this.#acknowledgements.observe({ kind }, ms / 1000);
  }

  unanswered(): void {
    this.#interactionFailures.inc();
  }

  turn(outcome: 'answered' | 'duplicate' | 'failed', ms: number): void {
    this.#turns.observe({ outcome }, ms / 1000);
  }

  toolCall({ toolName, services, status, ms }: EndedToolCall): void {
    const service = services.length === 1 ? (services[0] ?? 'none') : 'several';
    this.#toolCalls.observe({ tool: toolName, service, outcome: status }, ms / 1000);
  }

  upstream({ service, failure, ms }: HttpCall): void {
    this.#upstream.observe({ service, outcome: failure ?? 'ok' }, ms / 1000);
  }

  /** Prometheus’ text format, and its content type. */
  async text(): Promise<{ body: string; type: string }> {
    return { body: await this.#registry.metrics(), type: this.#registry.contentType };
  }
}
