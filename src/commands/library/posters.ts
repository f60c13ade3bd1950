import type { LibraryRow, Picture } from '../../tools/library/find-in-library.ts';
import type { Stack } from '../../tools/stack.ts';
import { publicPicture } from '../cards/title-face.ts';
import type { CommandContext } from '../command.ts';

/** As many titles are shown with their picture, which makes a grid of two rows; the others stay lines of text. */
const mostPosters = 6;
/** A list without pictures is better than one that comes late. */
const posterLimitMs = 2500;

/** Posters in the form that a message needs: an address for each row that has one, and the files to attach. */
export type Posters = { addresses: ReadonlyMap<LibraryRow, string>; files: { name: string; attachment: Buffer }[] };

/** The pictures of the first rows. Those of Jellyfin are sent as files: its address stays private. */
export async function loadPosters(
  context: CommandContext,
  stack: Stack,
  rows: readonly LibraryRow[],
): Promise<Posters> {
  const addresses = new Map<LibraryRow, string>();
  const files: Posters['files'] = [];
  const signal = AbortSignal.any([context.signal, AbortSignal.timeout(posterLimitMs)]);
  const load = async (row: LibraryRow, picture: Picture, index: number) => {
    if ('address' in picture) {
      const address = publicPicture(picture.address);
      if (address !== null) addresses.set(row, address);
      return;
    }
    const { extension, bytes } = await stack.get('jellyfin').poster(picture.jellyfinItem, { signal });
    const name = `poster-${index}.${extension}`;
    files.push({ name, attachment: bytes });
    addresses.set(row, `attachment://${name}`);
  };
  const loads = rows
    .slice(0, mostPosters)
    .map(async (row, index) => (row.picture == null ? undefined : load(row, row.picture, index)));
  for (const { reason } of (await Promise.allSettled(loads)).filter((load) => load.status === 'rejected'))
    context.ledger.log.info({ err: reason }, 'a poster is left out');
  return { addresses, files };
}
