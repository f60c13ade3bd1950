import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { ServiceError, UserError } from '../../errors.ts';
import { messages, type Say } from '../../messages.ts';
import type { InLibrary, TitleRemoval } from '../../services/arr/titles.ts';
import type { Title } from '../../services/titles.ts';
import type { ToggleChoice } from '../choices.ts';
import { formatSize } from '../measures.ts';
import type { Preview } from '../preview.ts';
import type { RunOptions, Verdict } from '../tool.ts';

export const removalMessages = messages('removed_titles', {
  notThere: 'That is not in {server}’s library, so there is nothing to remove.',
  deleteFilesToo: 'Delete the files',
  neverAgain: 'Keep lists from adding it',
  noFiles: 'Removes it from {server}. It has no files there.',
  keeps: 'Removes it from {server}. Its files ({size}) stay where they are.',
  deletes: 'Removes it from {server} and **deletes its files** ({size}), with everything else in its folder.',
  excludes: 'Import lists cannot add it again.',
  removed: '🗑️ Removed from {server}.',
  removedAndDeleted: '🗑️ Removed from {server}, which deletes its files ({size}).',
  alreadyGone: 'It was gone from {server}’s library already.',
});

/** What may be chosen when a title is removed. */
export const removalShape = {
  deleteFiles: z.boolean().optional().describe('default false'),
  neverAgain: z.boolean().optional().describe('default false: import lists may add it again'),
};
type Wanted = { deleteFiles?: boolean | undefined; neverAgain?: boolean | undefined };
type Source = { server: TitleRemoval<Title>; label: string };
type Details = { title: Title; sizeBytes: number };

export const removalOutput = z.discriminatedUnion('result', [
  z.object({
    result: z.literal('removed'),
    title: z.string(),
    year: z.number().nullable(),
    deletedFiles: z.boolean(),
    bytes: z.number(),
  }),
  z.object({ result: z.literal('already_gone') }),
]);
type Removed = Extract<z.output<typeof removalOutput>, { result: 'removed' }>;

/** The title as the library has it, with the size of its files. Throws UserError when it is not there, ServiceError. */
export async function loadRemoval({ server, label }: Source, id: number, options: RunOptions): Promise<Details> {
  const found = await server.whole(id, options);
  if (found === null) throw new UserError((say) => say(removalMessages.notThere, { server: label }));
  return found;
}

/** What the card says of its files is what the press does: where there are none, none that come meanwhile are deleted. */
export function fillInRemoval<Input extends Wanted>(input: Input, { sizeBytes }: Details): Input {
  const { deleteFiles = false, neverAgain = false } = input;
  return { ...input, deleteFiles: deleteFiles && sizeBytes > 0, neverAgain };
}

/** What a press does to it, in words. */
export function previewRemoval(wanted: Wanted, { title, sizeBytes }: Details, server: string, say: Say): Preview {
  const size = formatSize(sizeBytes, say);
  const hasFiles = sizeBytes > 0;
  const what = wanted.deleteFiles ? removalMessages.deletes : removalMessages.keeps;
  const lines = [hasFiles ? say(what, { server, size }) : say(removalMessages.noFiles, { server })];
  if (wanted.neverAgain) lines.push(say(removalMessages.excludes));
  return { about: title, lines };
}

/** The switches of its card. */
export function removalChoices<Input extends Wanted>(
  input: Input,
  { sizeBytes }: Details,
  say: Say,
): ToggleChoice<Input>[] {
  const toggle = (field: keyof Wanted, label: string): ToggleChoice<Input> => ({
    kind: 'toggle',
    id: field,
    label,
    isOn: input[field] === true,
    take: (isOn) => ({ ...input, [field]: isOn }),
  });
  const neverAgain = toggle('neverAgain', say(removalMessages.neverAgain));
  return sizeBytes > 0 ? [toggle('deleteFiles', say(removalMessages.deleteFilesToo)), neverAgain] : [neverAgain];
}

/** Removes it, unless it is gone by now. Throws ServiceError. */
export async function removeTitle(
  { server }: Source,
  id: number,
  { deleteFiles = false, neverAgain = false }: Wanted,
  options: RunOptions,
): Promise<z.output<typeof removalOutput>> {
  const found = await server.whole(id, options);
  if (found === null) return { result: 'already_gone' };
  try {
    await server.remove(found.libraryId, { deleteFiles, neverAgain }, options);
  } catch (error) {
    const isGone = error instanceof ServiceError && error.failure === 'not_found';
    // Somebody else may have removed it since.
    if (isGone && (await server.whole(id, options)) === null) return { result: 'already_gone' };
    throw error;
  }
  const { title, sizeBytes } = found;
  const deletedFiles = deleteFiles && sizeBytes > 0;
  return { result: 'removed', title: title.title, year: title.year, deletedFiles, bytes: sizeBytes };
}

const shownAfterMs = 2000;
const lookEveryMs = 300;

/** Whether a removal whose answer was lost took effect: a large one takes a moment. */
export async function verdictOnRemoval({ server }: Source, id: number, options: RunOptions): Promise<Verdict> {
  const until = performance.now() + shownAfterMs;
  for (;;) {
    const found: InLibrary<Title> | null = await server.whole(id, options);
    if (found === null) return 'happened';
    if (performance.now() >= until) return 'did_not_happen';
    await delay(lookEveryMs);
  }
}

/** How a removal ended, in words. */
export const removalDone = {
  removed: ({ deletedFiles, bytes }: Removed, { server, say }: { server: string; say: Say }) =>
    deletedFiles
      ? say(removalMessages.removedAndDeleted, { server, size: formatSize(bytes, say) })
      : say(removalMessages.removed, { server }),
  already_gone: (_outcome: unknown, { server, say }: { server: string; say: Say }) =>
    say(removalMessages.alreadyGone, { server }),
};
