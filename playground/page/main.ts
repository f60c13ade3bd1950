import { parseArgs } from 'node:util';
import { startPlayground } from './start-playground.ts';

/** `npm run playground`: what the demo runs, as a page to click through. */
const { values } = parseArgs({
  options: { port: { type: 'string', default: '4280' }, host: { type: 'string', default: '127.0.0.1' } },
});
const playground = await startPlayground({ host: values.host, port: Number(values.port), model: realModel() });
console.log(`The playground is at ${playground.url} (Ctrl+C ends it). The bot is starting…`);
if (!['127.0.0.1', '::1', 'localhost'].includes(values.host))
  console.log(
    `It listens on ${values.host}: whoever reaches that address can act as anyone here, read everything, stop the bot, and spend the money of a model's key that you set. Nothing asks for a password. Use it in networks that you trust.`,
  );
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void playground.stop().then(() => process.exit(0)));
const started = performance.now();
await playground.bot.start();
console.log(`The bot is ready (after ${((performance.now() - started) / 1000).toFixed(1)} s).`);

/** The settings of a real model, when the environment has one. */
function realModel(): Record<string, string> | null {
  if (!process.env.OPENAI_API_KEY && !process.env.OPENAI_BASE_URL) return null;
  const names = ['OPENAI_API_KEY', 'OPENAI_BASE_URL', 'OPENAI_MODEL', 'OPENAI_API'];
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}
