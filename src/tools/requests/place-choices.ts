import { messages, type Say } from '../../messages.ts';
import type { QualityProfile, RootFolder } from '../../services/titles.ts';
import type { Choice } from '../choices.ts';
import { formatSize } from '../measures.ts';

export const placeMessages = messages('place_choices', {
  quality: 'Quality profile',
  qualityNamed: 'Quality: {profile}',
  folder: 'Root folder',
  folderNamed: 'Folder: {path}',
  free: '{size} free',
});

export type Places = { profiles: readonly QualityProfile[]; folders: readonly RootFolder[] };
type Chosen = { qualityProfileId?: number | undefined; rootFolderPath?: string | undefined };

/** The choice to start with: what is in the input, else the person's default, else the first; only what is there. */
export function fillInPlaces(input: Chosen, { profiles, folders }: Places, defaults: Chosen | undefined): Chosen {
  const ids = profiles.map((profile) => profile.id);
  const paths = folders.map((folder) => folder.path);
  const qualityProfileId = firstOf(ids, [input.qualityProfileId, defaults?.qualityProfileId]);
  const rootFolderPath = firstOf(paths, [input.rootFolderPath, defaults?.rootFolderPath]);
  return {
    ...(qualityProfileId === undefined ? {} : { qualityProfileId }),
    ...(rootFolderPath === undefined ? {} : { rootFolderPath }),
  };
}

function firstOf<Key>(there: readonly Key[], wanted: readonly (Key | undefined)[]): Key | undefined {
  return wanted.find((key) => key !== undefined && there.includes(key)) ?? there[0];
}

/** The quality profile and the root folder, each only where there is a choice. */
export function placeChoices<Input extends Chosen>(
  input: Input,
  { profiles, folders }: Places,
  say: Say,
): Choice<Input>[] {
  const quality: Choice<Input> = {
    kind: 'one',
    id: 'quality',
    label: say(placeMessages.quality),
    options: profiles.map(({ id, name }) => ({
      value: String(id),
      label: say(placeMessages.qualityNamed, { profile: name }),
    })),
    chosen: String(input.qualityProfileId),
    take: (value) => ({ ...input, qualityProfileId: Number(value) }),
  };
  const folder: Choice<Input> = {
    kind: 'one',
    id: 'folder',
    label: say(placeMessages.folder),
    options: folders.map(({ path, freeBytes }) => ({
      value: path,
      label: say(placeMessages.folderNamed, { path }),
      ...(freeBytes === null ? {} : { description: say(placeMessages.free, { size: formatSize(freeBytes, say) }) }),
    })),
    chosen: input.rootFolderPath,
    take: (rootFolderPath) => ({ ...input, rootFolderPath }),
  };
  return [...(profiles.length > 1 ? [quality] : []), ...(folders.length > 1 ? [folder] : [])];
}
