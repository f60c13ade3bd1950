import type { ServiceConfig } from '../../db/schema.ts';
import { definitionOf } from '../../services/registry.ts';
import type { ServiceCheck } from '../../services/service.ts';
import { escaped, oneLine } from '../cards/server-text.ts';
import { lastCheckWords } from './last-check.ts';

/** "Version 5.2: 12 films." Both come from the server. */
export function checkedWords(check: ServiceCheck): string {
  return `Version ${escaped(check.version, 40)}: ${escaped(check.holds, 120)}.`;
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
export function configLine(config: ServiceConfig): string {
  const label = labelOf(config);
  const { short, hasFailed, version, reason } = lastCheckWords(config);
  const { userName } = config.options;
  const who = config.username ?? (typeof userName === 'string' ? userName : null);
  const facts = [
    `\`${oneLine(config.baseUrl.replaceAll('`', ''), 200)}\``,
    ...(who ? [`user ${escaped(who, 40)}`] : []),
    ...(version === null ? [] : [versionWords(version)]),
  ];
  const mark = !config.isEnabled ? '⚪' : hasFailed ? '🔴' : '🟢';
  return [
    `${mark} **${label}**${config.isEnabled ? '' : ' is off'} · ${short}`,
    ...(reason === null ? [] : [`-# ${reason}`]),
    `-# ${facts.join(' · ')}`,
  ].join('\n');
}
