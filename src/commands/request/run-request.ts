import type { ChatInputCommandInteraction } from 'discord.js';
import type { Message } from '../../db/schema.ts';
import { UserError } from '../../errors.ts';
import { messages, sayInEnglish } from '../../messages.ts';
import { describeError, isExpected } from '../../tools/describe-error.ts';
import { callReadTool } from '../../tools/ledger.ts';
import { tools } from '../../tools/registry.ts';
import type { Stack } from '../../tools/stack.ts';
import type { FoundTitle, SearchExtras } from '../../tools/titles/search-extras.ts';
import type { AnyTool } from '../../tools/tool.ts';
import { escaped, oneLine } from '../cards/server-text.ts';
import { cardMessage, text } from '../cards/title-face.ts';
import type { CommandContext } from '../command.ts';
import { normaliseTerm } from '../look-ups.ts';
import { ownStack } from '../own-stack.ts';
import { saveExchange } from '../save-exchange.ts';
import { configureButton } from '../services/configure-button.ts';
import { noWords } from '../typed-title.ts';
import { findTitles } from './find-titles.ts';
import { choiceRowFor } from './pick.ts';
import { startRequest } from './start-request.ts';
import { choosable } from './title-choices.ts';
import { pickedId, type TitleKind, titleKindFor } from './title-kinds.ts';

export const requestMessages = messages('request_command', {
  otherKind: 'This bot requests films and series: use `/request movie` or `/request tv`.',
  noServerForFilms:
    '{server} is not set up for you, so films can’t be requested yet. Give the bot your {server}’s address and key, then try again.',
  noServerForSeries:
    '{server} is not set up for you, so series can’t be requested yet. Give the bot your {server}’s address and key, then try again.',
  noFilm:
    '{server} found no film for “{words}”. Try fewer words, the original title, or `{prefix}:` followed by its number.',
  noSeries:
    '{server} found no series for “{words}”. Try fewer words, the original title, or `{prefix}:` followed by its number.',
  whichFilm: '**Which film?** “{words}” could be any of these; ✓ marks what you have.',
  whichSeries: '**Which series?** “{words}” could be any of these; ✓ marks what you have.',
  /** What the conversation keeps of it, for the model. */
  shown: 'Shown: these titles to choose from.',
});

type Request = { context: CommandContext; interaction: ChatInputCommandInteraction; kind: TitleKind; typed: string };

/** `/request movie|tv title:`: a picked title goes to its card, words to a choice. Throws what the edge puts into words. */
export async function runRequest(interaction: ChatInputCommandInteraction, context: CommandContext): Promise<void> {
  const stack = await ownStack(context);
  const kind = titleKindFor(interaction.options.getSubcommand(), stack, context.user);
  if (kind === null) throw new UserError((say) => say(requestMessages.otherKind));
  const typed = interaction.options.getString('title', true);
  const request = { context, interaction, kind, typed };
  if (!stack.has(kind.service)) return sayNotConfigured(request);
  try {
    const picked = pickedId(kind, typed);
    const title = picked === null ? await search(request, stack) : { id: picked };
    if (title !== null) await startRequest(context, interaction, { kind, ...title });
  } catch (error) {
    await saveFailure(request, error);
    throw error;
  }
}

async function sayNotConfigured(request: Request): Promise<void> {
  const { interaction, kind, context } = request;
  const message = kind.noun === 'film' ? requestMessages.noServerForFilms : requestMessages.noServerForSeries;
  const given = { server: kind.label };
  await save(request, [{ type: 'text', text: sayInEnglish(message, given) }]);
  await interaction.editReply({
    content: context.say(message, given),
    components: [configureButton(context.say, kind.service)],
    allowedMentions: { parse: [] },
  });
}

/** Searches for words. Gives the title when there is one only, else shows the choice, or that there is none. */
async function search(request: Request, stack: Stack): Promise<{ id: number; partsBefore: Message['parts'] } | null> {
  const { interaction, kind, typed, context } = request;
  const { say } = context;
  const term = normaliseTerm(typed);
  if (term === '') throw noWords();
  const { found, part } = await recordedSearch(request, stack, term);
  const [only, ...others] = choosable(found);
  if (only !== undefined && others.length === 0) return { id: only.id, partsBefore: [part] };
  if (only === undefined) {
    const message = kind.noun === 'film' ? requestMessages.noFilm : requestMessages.noSeries;
    const given = { server: kind.label, words: escaped(typed, 100), prefix: kind.idPrefix };
    await interaction.editReply(cardMessage([text(say(message, given))]));
    await save(request, [part, { type: 'text', text: sayInEnglish(message, given) }]);
    return null;
  }
  const row = choiceRowFor({ interaction, say }, kind, choosable(found));
  const words = say(kind.noun === 'film' ? requestMessages.whichFilm : requestMessages.whichSeries, {
    words: escaped(typed, 100),
  });
  await interaction.editReply(cardMessage([text(words), row]));
  await save(request, [part, { type: 'text', text: sayInEnglish(requestMessages.shown) }]);
  return null;
}

/** Runs the search tool through the ledger, with the titles that autocomplete has found already. */
async function recordedSearch(
  { context, interaction, kind }: Request,
  stack: Stack,
  term: string,
): Promise<{ found: FoundTitle[]; part: Message['parts'][number] }> {
  let titles: FoundTitle[] = [];
  let failure: unknown = null;
  const found = async () => {
    try {
      titles = (await findTitles(context, { stack, kind, term, now: true })) ?? [];
      return titles;
    } catch (error) {
      failure = error;
      throw error;
    }
  };
  const tool: AnyTool<unknown, SearchExtras> = tools[kind.searchTool];
  const { call, outcome } = await callReadTool(context.ledger, {
    tool,
    extras: { found },
    input: { query: term },
    stack,
    chatId: null,
    messageId: null,
    dedupeKey: `search:${interaction.id}`,
    signal: context.signal,
  });
  // What the look-up threw can be said in English too, for the model.
  if (outcome.status !== 'succeeded') throw isExpected(failure) ? failure : new UserError(() => outcome.error);
  const part = {
    type: `tool-${kind.searchTool}`,
    toolCallId: call.id,
    state: 'output-available',
    input: call.input,
    output: outcome.output,
  } as const;
  return { found: titles, part };
}

/** Saves the failed attempt in the conversation. If that fails too, it is only logged: the edge tells the person the first failure. */
async function saveFailure(request: Request, error: unknown): Promise<void> {
  try {
    await save(request, [{ type: 'text', text: describeError(error, sayInEnglish) }]);
  } catch (saveError) {
    request.context.ledger.log.error({ err: saveError }, 'a command that failed could not be saved');
  }
}

async function save({ context, interaction, kind, typed }: Request, parts: Message['parts']): Promise<void> {
  const commandText = `/request ${kind.subcommand} title: ${oneLine(typed, 200)}`;
  await saveExchange(context, { interaction, commandText, parts });
}
