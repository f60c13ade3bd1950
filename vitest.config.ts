import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    // Two processes can't share an embedded database; the global set-up prints that PostgreSQL is left out.
    exclude: process.env.TEST_POSTGRES_URL === undefined ? ['tests/bot/two-processes.test.ts'] : [],
    globalSetup: ['tests/global-setup.ts'],
    setupFiles: ['tests/api-documents/check-exchanges.ts'],
    pool: 'forks',
    maxWorkers: 4,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
