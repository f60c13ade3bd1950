import type { ToolCall } from '../db/schema.ts';

/** Where an answer is shown while it comes. Nothing here may throw for a Discord that is away: that is the sink's to log. */
export type Sink = {
  /** The whole text so far. */
  text(full: string): void;
  /** What is being done now, such as "Searching Radarr"; null when nothing is. */
  activity(line: string | null): void;
  /** The last text, which is exactly what is stored; of a cut answer with a way to try again. Gives the ids of the messages that show it. */
  finish(text: string, cut?: { answerId: string }): Promise<string[]>;
  /** Shows a call that waits for the person's press. */
  showCard(call: ToolCall): Promise<void>;
};
