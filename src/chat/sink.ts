import type { ToolCall } from '../db/schema.ts';
import type { Say } from '../messages.ts';

/** Where an answer is shown while it is generated. When Discord fails, the sink logs it and does not throw. */
export type Sink = {
  /** Says messages to whoever reads the answer: everyone in a server's channel, or the person alone in a DM. */
  say: Say;
  /** `keep` is awaited each time before words of the answer are shown; when it throws, they are not shown. */
  beforeText(keep: (full: string) => Promise<void>): void;
  /** The whole text so far. */
  text(full: string): void;
  /** What is being done now, such as "Searching Radarr"; null when nothing is. */
  activity(line: string | null): void;
  /** The final text, exactly as stored; with **Try again** if the answer was cut off. Gives the ids of the messages that show it. */
  finish(text: string, cut?: { answerId: string }): Promise<string[]>;
  /** Shows a call that waits for the person's press. */
  showCard(call: ToolCall): Promise<void>;
};
