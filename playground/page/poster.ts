import { createHash } from 'node:crypto';
import { films } from '../servers/films.ts';
import { shows } from '../servers/shows.ts';

/** A poster for an outside address, drawn here: the page fetches nothing from the internet. */
export function drawPoster(address: string): string {
  const { title, year } = titleOf(address);
  const bytes = createHash('sha256')
    .update(title === '' ? address : title)
    .digest();
  const [hue = 0, shape = 0, tilt = 0] = bytes;
  const turn = Math.round((hue / 255) * 360);
  const lines = wrap(title, 14);
  const top = 640 - lines.length * 58;
  // A bold letter is about two thirds as wide as it is high.
  const longest = Math.max(1, ...lines.map((line) => line.length));
  const fontSize = Math.min(52, Math.floor(420 / (longest * 0.66)));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 500 750" width="500" height="750">
<defs><linearGradient id="sky" x1="0" y1="0" x2="0.4" y2="1">
<stop offset="0" stop-color="hsl(${turn} 55% 42%)"/><stop offset="1" stop-color="hsl(${(turn + 50) % 360} 60% 14%)"/>
</linearGradient></defs>
<rect width="500" height="750" fill="url(#sky)"/>
${scenery(shape, tilt, turn)}
${lines.map((line, index) => `<text x="40" y="${top + index * 58}" fill="#fff" font-family="Georgia, serif" font-size="${fontSize}" font-weight="700">${escaped(line)}</text>`).join('\n')}
<text x="42" y="${top + lines.length * 58 - 10}" fill="#fff" fill-opacity="0.75" font-family="sans-serif" font-size="26">${year}</text>
</svg>`;
}

function scenery(shape: number, tilt: number, turn: number): string {
  const light = `hsl(${(turn + 30) % 360} 80% 75%)`;
  const x = 120 + (tilt % 260);
  const hills = `<path d="M0 ${470 + (tilt % 60)} Q 140 ${380 + (shape % 70)} 280 ${460 + (shape % 50)} T 500 ${430 + (tilt % 50)} V 750 H 0 Z" fill="#000" fill-opacity="0.35"/>`;
  const kinds = [
    `<circle cx="${x}" cy="210" r="96" fill="${light}"/>${hills}`,
    `<circle cx="${x}" cy="220" r="110" fill="none" stroke="${light}" stroke-width="14"/><circle cx="${x}" cy="220" r="60" fill="${light}" fill-opacity="0.6"/>`,
    `<path d="M${x} 90 L${x + 130} 400 H${x - 130} Z" fill="${light}" fill-opacity="0.8"/>${hills}`,
    `<rect x="${x - 90}" y="120" width="70" height="300" fill="${light}" fill-opacity="0.7"/><rect x="${x}" y="190" width="70" height="230" fill="${light}" fill-opacity="0.5"/>${hills}`,
  ];
  return kinds[shape % kinds.length] ?? '';
}

/** What the address is a picture of, as far as the playground's own servers made it. */
function titleOf(address: string): { title: string; year: string } {
  const id = Number(/playground-(\d+)/.exec(address)?.[1]);
  const film = films.find((candidate) => candidate.tmdbId === id);
  const show = shows.find((candidate) => candidate.tvdbId === id);
  const found = address.includes('thetvdb') ? (show ?? film) : (film ?? show);
  return found === undefined ? { title: '', year: '' } : { title: found.title, year: String(found.year) };
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && `${last} ${word}`.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
