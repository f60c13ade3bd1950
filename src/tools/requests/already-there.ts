import { messages, type Say } from '../../messages.ts';
import { serviceDefinitions } from '../../services/registry.ts';
import type { Title } from '../../services/titles.ts';

export const alreadyThereMessages = messages('already_there', {
  available: 'It is in {server} already. A new search looks for a better release.',
  downloading: '{server} has it and is downloading it.',
  wanted: 'It is in {server} already, and wanted. A new search may find it now.',
});

/** Of what is there already, or on its way, and so can only be searched for again: where it is, and what that may bring. */
export function alreadyThere({ status }: Title, service: 'radarr' | 'sonarr', say: Say): string {
  const server = serviceDefinitions[service].label;
  const { available, downloading, wanted } = alreadyThereMessages;
  if (status.state === 'available') return say(available, { server });
  return say(status.state === 'downloading' ? downloading : wanted, { server });
}
