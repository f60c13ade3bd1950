// How Node loads modules, for whatever imports this first: the bot, and the tests' processes.
import { enableCompileCache, registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

// Compiled code is kept between starts, ours without its types: later starts take half the time. It lies in the
// project's own folder, where no other user of the machine can write; without the right to write there, nothing is kept.
enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/assistarr', import.meta.url)));

// Node reads drizzle-orm's package.json, 178 KB, again for each of its modules that another of them imports: 10 to 30 MB and up
// to 0.6 s at every start. What such an import names is plain to see, so it is answered without looking.
registerHooks({
  resolve(specifier, context, nextResolve) {
    const { parentURL = '' } = context;
    const isInside = parentURL.includes('/node_modules/drizzle-orm/');
    if (isInside && /^\.\.?\/.*\.js$/.test(specifier))
      return { url: new URL(specifier, parentURL).href, format: 'module', shortCircuit: true };
    return nextResolve(specifier, context);
  },
});
