import { store } from './store.ts';

/** Where the page gets a picture from: its own server's attachments, or a drawing for an address outside. */
export function pictureAt(address: unknown): string {
  if (typeof address !== 'string' || address === '') return '/poster?of=';
  const own = ownAddress(address);
  return own ?? `/poster?of=${encodeURIComponent(address)}`;
}

/** An attachment's address as the page may open it, or null when it is not one of the playground's. */
export function ownAddress(address: unknown): string | null {
  if (typeof address !== 'string' || !address.startsWith(`${store.filesAt}/attachments/`)) return null;
  return address.slice(store.filesAt.length);
}

const colours = ['#c2410c', '#047857', '#a21caf', '#b45309', '#0e7490'];

/** A colour for someone's picture. */
export function colourOf(id: string): string {
  const index = store.people.findIndex((person) => person.id === id);
  return store.people[index]?.isBot === true
    ? '#5865f2'
    : (colours[(index + colours.length - 1) % colours.length] ?? '');
}
