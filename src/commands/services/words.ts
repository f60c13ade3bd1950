import type { ServiceConfig } from '../../db/schema.ts';
import { messages, type Say } from '../../messages.ts';
import { definitionOf } from '../../services/registry.ts';
import type { ServiceCheck } from '../../services/service.ts';
import { escaped, oneLine } from '../cards/server-text.ts';
import { lastCheckWords } from './last-check.ts';

export const serviceLineMessages = messages('service_lines', {
  checked: 'Version {version}: {holds}.',
  user: 'user {name}',
  off: '**{label}** is off',
});

const words = serviceLineMessages;

/** "Version 5.2: 12 films." Both come from the server. */
export function checkedWords(check: ServiceCheck, say: Say): string {
  return say(words.checked, { version: escaped(check.version, 40), holds: escaped(check.holds, 120) });
}

/** "v5.2.1"; a version that does not begin with a digit stays as it is. */
export function versionWords(version: string): string {
  return `${/^\d/.test(version) ? 'v' : ''}${escaped(version, 40)}`;
}

/** The name of a stored service as people know it. */
export function labelOf(config: Pick<ServiceConfig, 'serviceName'>): string {
  return definitionOf(config.serviceName).label;
}

/** One service in `/services list`. Nothing of the key is shown. */
export function configLine(config: ServiceConfig, say: Say): string {
  const label = labelOf(config);
  const { short, hasFailed, version, reason } = lastCheckWords(config, say);
  const { userName } = config.options;
  const who = config.username ?? (typeof userName === 'string' ? userName : null);
  const facts = [
    `\`${oneLine(config.baseUrl.replaceAll('`', ''), 200)}\``,
    ...(who ? [say(words.user, { name: escaped(who, 40) })] : []),
    ...(version === null ? [] : [versionWords(version)]),
  ];
  const mark = !config.isEnabled ? '⚪' : hasFailed ? '🔴' : '🟢';
  return [
    `${mark} ${config.isEnabled ? `**${label}**` : say(words.off, { label })} · ${short}`,
    ...(reason === null ? [] : [`-# ${reason}`]),
    `-# ${facts.join(' · ')}`,
  ].join('\n');
}
