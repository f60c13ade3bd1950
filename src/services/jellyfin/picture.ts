/** A picture that Discord can show, recognised by its first bytes: the server's content type may be wrong. */
export type PictureFile = { extension: 'jpg' | 'png' | 'webp'; bytes: Buffer };

/** Null if it is not a picture, or of a kind that Discord cannot show. */
export function pictureOf(bytes: Buffer): PictureFile | null {
  const starts = (hex: string, at = 0) => bytes.subarray(at, at + hex.length / 2).toString('hex') === hex;
  if (starts('ffd8ff')) return { extension: 'jpg', bytes };
  if (starts('89504e470d0a1a0a')) return { extension: 'png', bytes };
  return starts('52494646') && starts('57454250', 8) ? { extension: 'webp', bytes } : null;
}
