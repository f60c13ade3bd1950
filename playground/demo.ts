import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startBotProcess } from './bot-process.ts';
import { missingEffects, playMainJob } from './demo-scenes.ts';
import { startDiscord } from './discord/start-discord.ts';
import { startModel } from './model/start-model.ts';
import { startServers } from './servers/start-servers.ts';
import { runTerminal } from './terminal/run-terminal.ts';

/**
 * `npm run demo`: the main job, played by a person on the playground against the bot that `npm start` starts.
 * With `-- --interactive`, you are the person.
 */
const { values: given } = parseArgs({ options: { interactive: { type: 'boolean', default: false } } });
const folder = await mkdtemp(join(tmpdir(), 'assistarr-demo-'));
const ownModel = process.env.OPENAI_API_KEY !== undefined && process.env.OPENAI_API_KEY !== '';
const [discord, servers, model] = await Promise.all([startDiscord(), startServers('Ada'), startModel()]);
const ada = discord.person('Ada', { owner: true });
const grace = discord.person('Grace');
for (const name of ['general', 'films']) discord.channel(name);
console.log('Starting the playground (Discord, five media servers, a model) and the bot…\n');
const bot = await startBotProcess({
  DISCORD_TOKEN: discord.token,
  DISCORD_API_URL: discord.apiUrl,
  DATA_DIR: folder,
  ALLOWED_USERS: grace.id,
  LOG_LEVEL: 'warn',
  // Nobody who tries it wants to wait a quarter of a minute to see a download come on.
  PROGRESS_INTERVAL_MS: '3000',
  ...modelSettings(),
});
try {
  if (given.interactive) await runTerminal({ discord, servers, people: [ada, grace] });
  else await playMainJob({ discord, servers, ada, isOwnModel: ownModel });
  const missing = given.interactive ? [] : missingEffects(servers);
  const code = await bot.stop();
  if (code !== 0) missing.push(`the bot ended with ${code} instead of 0`);
  if (bot.output().includes(servers.radarr.apiKey)) missing.push('a key stands in the log');
  for (const line of missing) console.error(`MISSING: ${line}`);
  const success = given.interactive ? '\nThe bot has stopped.' : '\nEverything that was asked for happened, each once.';
  console.log(missing.length === 0 ? success : '\nThe demo failed.');
  process.exitCode = missing.length === 0 ? 0 : 1;
} catch (error) {
  console.error(error, `\nThe bot said:\n${bot.output()}`);
  process.exitCode = 1;
} finally {
  await bot.stop('SIGKILL');
  await Promise.all([discord.stop(), servers.stop(), model.stop()]);
  await rm(folder, { recursive: true, force: true });
}

function modelSettings(): Record<string, string> {
  if (!ownModel) return { OPENAI_BASE_URL: model.url, OPENAI_API_KEY: model.apiKey };
  const names = ['OPENAI_API_KEY', 'OPENAI_BASE_URL', 'OPENAI_MODEL', 'OPENAI_API'];
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}
