// What `npm start` runs. In JavaScript, because the first TypeScript file makes Node load 20 MB that take its types away.
import './module-loading.js';

await import('./bot/main.ts');
