import type { PlaygroundDiscord } from '../playground/discord/start-discord.ts';
import { type Exchange, exchanges } from '../playground/exchanges.ts';

/** One call of the bot to Discord, by this process’s clock; `content` is a message’s text, when it is about one. */
export type DiscordCall = { method: string; path: string; content: string; at: number };

export type DiscordCalls = {
  /** Calls `listener` for each call from now on, until what it gives is called. */
  on(listener: (call: DiscordCall) => void): () => void;
  stop(): void;
};

/** What the bot asks of Discord, as it comes; the playground's own record of it is emptied, so that only the bot's memory grows. */
export function watchDiscordCalls(discord: PlaygroundDiscord): DiscordCalls {
  const listeners = new Set<(call: DiscordCall) => void>();
  const heard = (message: unknown) => {
    if (!isExchange(message) || message.server !== 'discord') return;
    const at = performance.now();
    const call = { method: message.method, path: message.path, content: contentOf(message.body), at };
    for (const listener of listeners) listener(call);
    discord.rest.journal.length = 0;
  };
  exchanges.subscribe(heard);
  return {
    on(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    stop: () => {
      exchanges.unsubscribe(heard);
    },
  };
}

function isExchange(message: unknown): message is Exchange {
  return typeof message === 'object' && message !== null && 'server' in message;
}

function contentOf(body: unknown): string {
  const content = typeof body === 'object' && body !== null && 'content' in body ? body.content : '';
  return typeof content === 'string' ? content : '';
}
