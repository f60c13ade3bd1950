import { createHash } from 'node:crypto';
import { crc32, deflateSync } from 'node:zlib';

const width = 120;
const height = 180;

/** A poster for a title as a PNG: a sky of its own colours over a dark hill. The same title gives the same bytes. */
export function drawPicture(title: string): Buffer {
  const [red = 0, green = 0, blue = 0, hill = 0] = createHash('sha256').update(title).digest();
  const rows = Array.from({ length: height }, (_, y) => {
    const row = Buffer.alloc(1 + width * 3);
    for (let x = 0; x < width; x++) {
      const isHill = y > height * 0.65 + 20 * Math.sin((x + hill) / 25);
      const light = isHill ? 0.15 : 1 - (0.6 * y) / height;
      for (const [index, colour] of [red, green, blue].entries()) row[1 + x * 3 + index] = Math.round(colour * light);
    }
    return row;
  });
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // Eight bits a colour, red, green and blue.
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.concat(rows))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
}
