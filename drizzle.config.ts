import { defineConfig } from 'drizzle-kit';
import { readSettings } from './src/settings.ts';

const { postgresUrl, dataDir } = readSettings();

/** Development tools that destroy or invent data ask this first. Read after the settings, which load `.env`. */
export const isProduction = process.env.NODE_ENV === 'production';

export default defineConfig({
  dialect: 'postgresql',
  schema: './src/db/schema.ts',
  out: './migrations',
  ...(postgresUrl === undefined
    ? { driver: 'pglite', dbCredentials: { url: `${dataDir}/database` } }
    : { dbCredentials: { url: postgresUrl } }),
});
