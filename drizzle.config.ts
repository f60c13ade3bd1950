import { defineConfig } from 'drizzle-kit';
import { readSettings } from './src/settings.ts';

const { postgresUrl, dataDir } = readSettings();

export default defineConfig({
  dialect: 'postgresql',
  schema: './src/db/schema.ts',
  out: './migrations',
  ...(postgresUrl === undefined
    ? { driver: 'pglite', dbCredentials: { url: `${dataDir}/database` } }
    : { dbCredentials: { url: postgresUrl } }),
});
