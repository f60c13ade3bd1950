import type { Title } from '../../services/titles.ts';

/** Of what is there already, or on its way, and so can only be searched for again: where it is, and what that may bring. */
export function alreadyThere({ status }: Title, server: 'Radarr' | 'Sonarr'): string {
  if (status.state === 'available') return `It is in ${server} already. A new search looks for a better release.`;
  if (status.state === 'downloading') return `${server} has it and is downloading it.`;
  return `It is in ${server} already, and wanted. A new search may find it now.`;
}
