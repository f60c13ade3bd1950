import type { DiscordState, Interaction, Json, Message } from './state.ts';
import { until } from './until.ts';

/** What a person sees of something they did: the reply, the modal, or that the bot did not respond. */
export class Handle {
  readonly interaction: Interaction;
  readonly #state: DiscordState;

  constructor(state: DiscordState, interaction: Interaction) {
    this.#state = state;
    this.interaction = interaction;
  }

  /** The answering message once it no longer says "thinking". Throws "the application did not respond". */
  async reply(limitMs = 10_000): Promise<Message> {
    return until(
      this.#state,
      () => {
        this.#assertAnswered();
        const message = this.#state.messages.get(this.interaction.originalId ?? '');
        const isThere = message !== undefined && this.interaction.answered !== null && (message.flags & 128) === 0;
        return isThere && this.interaction.answered !== 'deferred-update' ? message : null;
      },
      limitMs,
    );
  }

  /** The modal that opened. */
  async modal(limitMs = 10_000): Promise<Modal> {
    return until(
      this.#state,
      () => {
        this.#assertAnswered();
        return this.interaction.modal === null ? null : { interaction: this.interaction, data: this.interaction.modal };
      },
      limitMs,
    );
  }

  /** Resolves once the bot acknowledged at all. */
  async acknowledged(limitMs = 10_000): Promise<void> {
    await until(
      this.#state,
      () => {
        this.#assertAnswered();
        return this.interaction.answered !== null;
      },
      limitMs,
    );
  }

  #assertAnswered(): void {
    const { interaction } = this;
    if (interaction.answered === null && Date.now() - interaction.createdAt > this.#state.limits.interactionMs)
      throw new Error('The application did not respond');
  }
}

export type Modal = { interaction: Interaction; data: Json };
