import { printMigrations, runScript } from './run-script.ts';

// `npm run db:migrate`: what the bot does at every start, by itself.
await runScript(async ({ connection }) => {
  await connection.migrate();
  await printMigrations(connection);
});
