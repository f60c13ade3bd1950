import type { Json } from '../json.ts';
import type { DiscordState, Interaction, Message } from './state.ts';
import { patienceMs, until } from './until.ts';
import { flagThinking } from './validate-message.ts';

export type Modal = { interaction: Interaction; data: Json };

/** What a person sees of something they did: the reply, the modal, or that the bot did not respond. */
export class Handle {
  readonly interaction: Interaction;
  readonly #state: DiscordState;

  constructor(state: DiscordState, interaction: Interaction) {
    this.#state = state;
    this.interaction = interaction;
  }

  /** What Discord says in red once the bot let the time pass, else null. */
  get failed(): string | null {
    const { answered, createdAt } = this.interaction;
    const isLate = answered === null && Date.now() - createdAt > this.#state.limits.interactionMs;
    return isLate ? 'The application did not respond' : null;
  }

  /** The answering message once it no longer says "thinking". Throws "the application did not respond". */
  async reply(limitMs = patienceMs): Promise<Message> {
    return this.#wait(() => {
      const { answered, originalId } = this.interaction;
      const message = this.#state.messages.get(originalId ?? '');
      const isThere = message !== undefined && answered !== null && answered !== 'deferred-update';
      return isThere && (message.flags & flagThinking) === 0 ? message : null;
    }, limitMs);
  }

  /** The modal that opened. */
  async modal(limitMs = patienceMs): Promise<Modal> {
    const { interaction } = this;
    return this.#wait(() => (interaction.modal === null ? null : { interaction, data: interaction.modal }), limitMs);
  }

  /** Resolves once the bot acknowledged at all. */
  async acknowledged(limitMs = patienceMs): Promise<void> {
    await this.#wait(() => this.interaction.answered !== null, limitMs);
  }

  #wait<Found>(look: () => Found | null | false, limitMs: number): Promise<Found> {
    return until(
      this.#state,
      () => {
        if (this.failed !== null) throw new Error(this.failed);
        return look();
      },
      limitMs,
    );
  }
}
