/** Every time limit of the bot in milliseconds: settings, with which tests make them short. */
export type TimeLimits = {
  /** One call to a media server, headers and body together. */
  serviceMs: number;
  /**
   * All that servers are asked for one answer: a command, a press, a card. What has not come by then is told as missing; a second is
   * left for the answer itself to be there within ten.
   */
  answerMs: number;
  /** The most that an operation which is known to be slow may take, whatever it states itself. */
  slowMs: number;
  /** The model: until the first byte, and between two pieces of an answer. */
  modelMs: number;
  /** Autocomplete: after this the bot answers with nothing (Discord drops answers after 3 s). */
  autocompleteMs: number;
  /** How long a button waits for its press. */
  buttonMs: number;
  /** A lease on a turn or a running tool call; renewed at a third of it. */
  leaseMs: number;
  /** Between two edits of an answer that is being written. */
  editMs: number;
  /** From an answer's first words to the message that shows them, unless `editMs` is less. */
  firstWordsMs: number;
  /** Between two looks at how a request comes on, and between two edits of the message that shows it. */
  progressMs: number;
  /** How long a request is followed at most. */
  followMs: number;
  /** How long a message is edited by its interaction's token, which Discord takes for 15 minutes. */
  tokenMs: number;
  /** How long a stop signal waits for what runs. */
  stopMs: number;
};

/** A signal that aborts after some time (milliseconds) with a TimeoutError, or when `signal` does, where there is one. */
export function within(limitMs: number, signal?: AbortSignal): AbortSignal {
  const limit = AbortSignal.timeout(limitMs);
  return signal === undefined ? limit : AbortSignal.any([signal, limit]);
}
