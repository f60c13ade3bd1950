const buffers = 'shared_buffers = 16MB';

/** Small buffers: 170 MB of memory for the process instead of 800. */
export const embeddedOptions = { postgresqlconf: [buffers] };

/** The same while the database is made: initdb would take 128 MB more for its own. */
export const newEmbeddedOptions = { ...embeddedOptions, initDbStartParams: ['--set', buffers] };

/**
 * V8's flags for WebAssembly that is compiled once and not again by the optimising compiler, which takes 500 MB for the largest
 * functions of PostgreSQL, of which the process keeps 60, and a minute of a processor after each start. A query takes at most a
 * quarter longer without it.
 */
export const compiledOnce = ['--no-wasm-tier-up', '--no-wasm-dynamic-tiering'];
