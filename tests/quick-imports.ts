/** What starts Node as `npm start` and the scripts do: what a file imports is compiled once and kept for the next process. */
export const quickImports = ['--import', new URL('../src/module-loading.js', import.meta.url).href];
