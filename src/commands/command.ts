import type {
  APIApplicationCommandOptionChoice,
  AutocompleteInteraction,
  ChatInputCommandInteraction,
  MessageComponentInteraction,
  ModalSubmitInteraction,
  RESTPostAPIChatInputApplicationCommandsJSONBody,
} from 'discord.js';
import type { Logger } from 'pino';
import type { Database } from '../db/connection.ts';
import type { Keyring } from '../db/encryption.ts';
import type { Message, ToolCall, User } from '../db/schema.ts';
import type { HttpSettings } from '../services/service.ts';
import type { TimeLimits } from '../time-limits.ts';
import type { EndedToolCall } from '../tools/ledger.ts';

/** What a command or a press is given: everything it may use, for the person who invoked it. */
export type CommandContext = {
  db: Database;
  keyring: Keyring;
  http: HttpSettings;
  limits: TimeLimits;
  log: Logger;
  /** Who acts. */
  user: User;
  /** This process, as `claimedBy` of the ledger. */
  processId: string;
  /** Aborted when the bot must leave. */
  signal: AbortSignal;
  onToolCall?: (call: EndedToolCall) => void;
  /** Called once a press settled a call of the model: the conversation goes on. */
  continueConversation(call: ToolCall): Promise<void>;
  /** Answers anew what `cut` answered; that row is gone already. */
  answerAgain(cut: Message): Promise<void>;
};

/** How the edge acknowledges before `run`, so that Discord's 3 s are never missed. `none`: `run` opens a modal at once. */
export type Acknowledgement = 'reply' | 'private-reply' | 'update' | 'none';

export type ComponentHandler = {
  /** `update` keeps the message and edits it; for a modal submit from a message too. */
  acknowledge: Acknowledgement | ((args: readonly string[]) => Acknowledgement);
  /** `args` is what follows the prefix in the custom_id, split at ':'. */
  run(
    interaction: MessageComponentInteraction | ModalSubmitInteraction,
    args: readonly string[],
    context: CommandContext,
  ): Promise<void>;
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
