// Where the thread beside the bot's own begins. In JavaScript and with compiled code that is kept, as src/start.js: otherwise
// the thread takes 30 MB more, and half a second, to take types away.
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

enableCompileCache(fileURLToPath(new URL('../../node_modules/.cache/assistarr', import.meta.url)));

await import('./answer-readings.ts');
