import type {
  APIApplicationCommandOptionChoice,
  AutocompleteInteraction,
  ChatInputCommandInteraction,
  MessageComponentInteraction,
  ModalSubmitInteraction,
  RESTPostAPIChatInputApplicationCommandsJSONBody,
} from 'discord.js';
import type { Arrival } from '../db/queries/arrivals.ts';
import type { User } from '../db/schema.ts';
import type { Say } from '../messages.ts';
import type { Caller } from '../tools/caller.ts';
import type { GoesOn } from '../tools/goes-on.ts';
import type { LedgerContext } from '../tools/run-claimed.ts';

/** What a command or a press is given: everything it may use, for the person who invoked it. */
export type CommandContext = {
  ledger: LedgerContext;
  /** Who acts, as the tools take them. */
  caller: Caller;
  /** Says messages to whoever reads the answer: the actor, or everyone in a server's channel. What they alone read: `sayTo(caller)`. */
  say: Say;
  /** The row of who acts. */
  user: User;
  /** Their servers and their conversation as they were when the event came; use them only before anything slow. */
  arrival: Arrival;
  /** Aborted when the answer has taken limits.answerMs, or when the bot must stop. */
  signal: AbortSignal;
  /** Aborted only when the bot must stop: for work with a time limit of its own. */
  leaving: AbortSignal;
};

/** How the edge acknowledges before `run`, so that Discord's 3 s are never missed. `none`: `run` opens a modal at once. */
export type Acknowledgement = 'reply' | 'private-reply' | 'update' | 'none';

export type ComponentHandler = {
  /** `update` keeps the message and edits it; for a modal submit from a message too. */
  acknowledge: Acknowledgement | ((args: readonly string[]) => Acknowledgement);
  /** `args` is what follows the prefix in the custom_id, split at ':'. Gives where a conversation goes on because of it, if one does. */
  run(
    interaction: MessageComponentInteraction | ModalSubmitInteraction,
    args: readonly string[],
    context: CommandContext,
  ): Promise<GoesOn | undefined>;
};

/** One slash command. custom_ids are `prefix:arg:arg`; a prefix belongs to one command. */
export type Command = {
  definition: RESTPostAPIChatInputApplicationCommandsJSONBody;
  /** 'private-reply' is ephemeral everywhere but in the bot's own DM. */
  acknowledge(interaction: ChatInputCommandInteraction): Acknowledgement;
  run(interaction: ChatInputCommandInteraction, context: CommandContext): Promise<void>;
  /** The edge answers with [] when this takes longer than limits.autocompleteMs. */
  autocomplete?(
    interaction: AutocompleteInteraction,
    context: CommandContext,
  ): Promise<APIApplicationCommandOptionChoice[]>;
  components?: Record<string, ComponentHandler>;
};
