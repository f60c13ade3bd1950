import { createHash } from 'node:crypto';
import type { APIComponentInContainer } from 'discord.js';
import type { QualityProfile, RootFolder } from '../../services/titles.ts';
import { choiceIsGone } from './card.ts';
import { choiceRow, fieldId, type Option } from './controls.ts';
import { formatSize } from './measures.ts';

export type Places = { profiles: readonly QualityProfile[]; folders: readonly RootFolder[] };
type Chosen = { qualityProfileId?: number | undefined; rootFolderPath?: string | undefined };

/** The choice to start with: what is in the input, else the person's default, else the first; only what is there. */
export function preparePlaces(input: Chosen, { profiles, folders }: Places, defaults: Chosen | undefined): Chosen {
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

/** A row for the quality profile and one for the root folder, each only where there is a choice. */
export function placeRows(
  { callId, page }: { callId: string; page: number },
  input: Chosen,
  { profiles, folders }: Places,
): APIComponentInContainer[] {
  const rows: APIComponentInContainer[] = [];
  if (profiles.length > 1) {
    const options = profiles.map(({ id, name }): Option => {
      return { value: String(id), label: `Quality: ${name}`, isChosen: id === input.qualityProfileId };
    });
    rows.push(choiceRow(fieldId(callId, 'quality', page), 'Quality profile', options));
  }
  if (folders.length > 1) {
    const options = folders.map(({ path, freeBytes }): Option => {
      const free = freeBytes === null ? {} : { description: `${formatSize(freeBytes)} free` };
      return { value: folderValue(path), label: `Folder: ${path}`, isChosen: path === input.rootFolderPath, ...free };
    });
    rows.push(choiceRow(fieldId(callId, 'folder', page), 'Root folder', options));
  }
  return rows;
}

/** The choice that was made in one of these rows; null when the field is none of them. */
export function changePlaces(field: string, values: readonly string[], { profiles, folders }: Places): Chosen | null {
  const [value] = values;
  if (field === 'quality') {
    const profile = profiles.find(({ id }) => String(id) === value) ?? choiceIsGone();
    return { qualityProfileId: profile.id };
  }
  if (field === 'folder') {
    const folder = folders.find(({ path }) => folderValue(path) === value) ?? choiceIsGone();
    return { rootFolderPath: folder.path };
  }
  return null;
}

/** A select's value holds 100 characters, a path more. */
function folderValue(path: string): string {
  return path.length > 0 && path.length <= 90 ? path : `sha256-${createHash('sha256').update(path).digest('hex')}`;
}
