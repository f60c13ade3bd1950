import { z } from 'zod';
import type { ServiceConfig } from '../../db/schema.ts';
import { isServiceName, serviceDefinitions } from '../../services/registry.ts';
import type { ServiceCheck } from '../../services/service.ts';
import { escaped } from '../cards/server-text.ts';

const lastCheckSchema = z.object({ at: z.string(), ok: z.boolean() });

/** "Version 5.2, 12 films." Both come from the server. */
export function checkedWords(check: ServiceCheck): string {
  return `Version ${escaped(check.version, 40)}: ${escaped(check.holds, 120)}.`;
}

/** The name of a stored service as people know it. */
export function labelOf(config: Pick<ServiceConfig, 'serviceName'>): string {
  return isServiceName(config.serviceName) ? serviceDefinitions[config.serviceName].label : config.serviceName;
}

/** One line of `/services list`. Nothing of the key is shown but that there is one. */
export function configLine(config: ServiceConfig): string {
  const check = lastCheckSchema.safeParse(config.options.lastCheck);
  const checked = check.success
    ? `${check.data.ok ? 'worked' : 'failed'} <t:${Math.floor(Date.parse(check.data.at) / 1000)}:R>`
    : 'not tried yet';
  const who = config.username ? ` · user ${escaped(config.username, 40)}` : '';
  return `${config.isEnabled ? '🟢' : '⚪'} **${labelOf(config)}** ${config.isEnabled ? 'on' : 'off'} · ${checked}\n-# \`${config.baseUrl.replaceAll('`', '')}\`${who} · key ••••••••`;
}
