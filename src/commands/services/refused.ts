import { ButtonStyle, type MessageComponentInteraction, type ModalSubmitInteraction } from 'discord.js';
import { UserError } from '../../errors.ts';
import { serviceDefinitions } from '../../services/registry.ts';
import { buttonRow } from '../cards/controls.ts';
import { cardMessage, text } from '../cards/title-face.ts';
import type { CommandContext } from '../command.ts';
import { type Draft, Drafts } from './drafts.ts';
import { configureModal } from './modal.ts';
import { record } from './record.ts';
import { saveDraft } from './save-draft.ts';
import { sayPrivately } from './say-privately.ts';
import { keepableService } from './stored.ts';

const drafts = new Drafts();
const isGone =
  'That was already done, or what you typed has expired. `/services list` shows what is saved; `/services configure` sets it up again.';

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
  { draft, reason, recorded = reason, canSave }: { draft: Draft; reason: string; recorded?: string; canSave: boolean },
): Promise<void> {
  const id = drafts.put(draft);
  const { serviceName: service } = draft;
  await record(interaction, context, { subcommand: 'configure', service, words: `Not saved: ${recorded}` });
  await interaction.editReply(
    cardMessage([
      text(`⚠️ **${serviceDefinitions[service].label} is not saved.** ${reason}`),
      buttonRow([
        { id: `services:retry:${id}`, label: 'Try again', style: ButtonStyle.Primary },
        ...(canSave ? [{ id: `services:save:${id}`, label: 'Save anyway' }] : []),
        { id: `services:drop:${id}`, label: 'Cancel' },
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
  if (draft === null) throw new UserError(isGone);
  const { serviceName, typedAddress, username } = draft;
  const config = await keepableService(context, serviceName);
  const filled = { address: typedAddress, username: username ?? '' };
  const isKept = draft.secret !== null && draft.failure !== 'unauthorized';
  const kept = isKept ? { from: 'draft' as const, draftId } : config === null ? null : { from: 'saved' as const };
  await interaction.showModal(configureModal(serviceName, filled, kept));
}

/** "Save anyway": for a server that is switched off at the moment. Of two presses, one acts. */
export async function saveAnyway(interaction: MessageComponentInteraction, context: CommandContext, draftId: string) {
  const draft = drafts.take(draftId, context.user.id);
  if (draft === null) return sayPrivately(interaction, isGone);
  try {
    await saveDraft(context, draft, null);
  } catch (error) {
    // The button is still there, so what was typed must be as well.
    if (!(error instanceof UserError)) drafts.put(draft, Date.now(), draftId);
    throw error;
  }
  const { serviceName: service } = draft;
  const { label } = serviceDefinitions[service];
  await interaction.editReply(
    cardMessage([
      text(`**${label}** is saved, but the connection did not work. Try it later with \`/services test\`.`),
    ]),
  );
  const words = `${label} was saved without a working connection.`;
  await record(interaction, context, { subcommand: 'configure', service, words });
}

export async function dropDraft(interaction: MessageComponentInteraction, context: CommandContext, draftId: string) {
  if (drafts.take(draftId, context.user.id) === null) return sayPrivately(interaction, isGone);
  await interaction.editReply(cardMessage([text('Canceled. Nothing was saved.')]));
}
