import { ButtonStyle, type MessageComponentInteraction, type ModalSubmitInteraction } from 'discord.js';
import { UserError } from '../../errors.ts';
import { messages, type Saying, sayInEnglish } from '../../messages.ts';
import { serviceDefinitions } from '../../services/registry.ts';
import { sayTo } from '../../tools/caller.ts';
import { buttonRow, controlMessages } from '../cards/controls.ts';
import { cardMessage, text } from '../cards/title-face.ts';
import type { CommandContext } from '../command.ts';
import { type Draft, Drafts } from './drafts.ts';
import { configureModal } from './modal.ts';
import { record } from './record.ts';
import { recordedWords } from './recorded-words.ts';
import { saveDraft } from './save-draft.ts';
import { sayPrivately } from './say-privately.ts';
import { keepableService } from './stored.ts';

export const refusedMessages = messages('refused_service', {
  notSaved: '⚠️ **{label} is not saved.**',
  saveAnyway: 'Save anyway',
  isGone:
    'That was already done, or what you typed has expired. `/services list` shows what is saved; `/services configure` sets it up again.',
  savedAnyway: '**{label}** is saved, but the connection did not work. Try it later with `/services test`.',
  canceled: 'Canceled. Nothing was saved.',
});

const words = refusedMessages;
const drafts = new Drafts();

/** Drops what was typed and not saved: it is saved now, or the service is removed. */
export function forgetDraft(draft: Pick<Draft, 'userId' | 'serviceName'>): void {
  drafts.forget(draft);
}

/**
 * Says why nothing was saved; what was typed is kept for another try. `recorded`: the reason as the conversation keeps it. `canSave`:
 * address and key are there.
 */
export async function refuse(
  interaction: ModalSubmitInteraction,
  context: CommandContext,
  { draft, reason, recorded = reason, canSave }: { draft: Draft; reason: Saying; recorded?: Saying; canSave: boolean },
): Promise<void> {
  const id = drafts.put(draft);
  const { serviceName: service } = draft;
  const { say } = context;
  const { label } = serviceDefinitions[service];
  const kept = recordedWords.notSaved(recorded(sayInEnglish));
  await record(interaction, context, { subcommand: 'configure', service, words: kept });
  await interaction.editReply(
    cardMessage([
      text(`${say(words.notSaved, { label })} ${reason(say)}`),
      buttonRow([
        { id: `services:retry:${id}`, label: say(controlMessages.tryAgain), style: ButtonStyle.Primary },
        ...(canSave ? [{ id: `services:save:${id}`, label: say(words.saveAnyway) }] : []),
        { id: `services:drop:${id}`, label: say(controlMessages.cancel) },
      ]),
    ]),
  );
}

/** What this person typed for this service before, while it is kept. */
export function typedBefore(draftId: string, { userId, serviceName }: Pick<Draft, 'userId' | 'serviceName'>) {
  const draft = drafts.get(draftId, userId);
  return draft?.serviceName === serviceName ? draft : null;
}

/** "Try again": the modal with what was typed before. The key is kept, not shown, unless it is what was wrong. */
export async function openRetry(interaction: MessageComponentInteraction, context: CommandContext, draftId: string) {
  const draft = drafts.get(draftId, context.user.id);
  if (draft === null) throw new UserError((say) => say(words.isGone));
  const { serviceName, typedAddress, username } = draft;
  const config = await keepableService(context, serviceName);
  const filled = { address: typedAddress, username: username ?? '' };
  const isKept = draft.secret !== null && draft.failure !== 'unauthorized';
  const kept = isKept ? { from: 'draft' as const, draftId } : config === null ? null : { from: 'saved' as const };
  await interaction.showModal(configureModal(serviceName, filled, kept, sayTo(context.caller)));
}

/** "Save anyway": for a server that is switched off at the moment. Of two presses, one acts. */
export async function saveAnyway(interaction: MessageComponentInteraction, context: CommandContext, draftId: string) {
  const draft = drafts.take(draftId, context.user.id);
  if (draft === null) return sayPrivately(interaction, context, words.isGone);
  try {
    await saveDraft(context, draft, null);
  } catch (error) {
    // The button is still there, so what was typed must be as well.
    if (!(error instanceof UserError)) drafts.put(draft, Date.now(), draftId);
    throw error;
  }
  const { serviceName: service } = draft;
  const { label } = serviceDefinitions[service];
  await interaction.editReply(cardMessage([text(context.say(words.savedAnyway, { label }))]));
  const kept = recordedWords.savedAnyway(label);
  await record(interaction, context, { subcommand: 'configure', service, words: kept });
}

export async function dropDraft(interaction: MessageComponentInteraction, context: CommandContext, draftId: string) {
  if (drafts.take(draftId, context.user.id) === null) return sayPrivately(interaction, context, words.isGone);
  await interaction.editReply(cardMessage([text(context.say(words.canceled))]));
}
