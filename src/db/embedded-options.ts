/** Small buffers: 170 MB of memory for the process instead of 800. */
export const embeddedOptions = { postgresqlconf: ['shared_buffers = 16MB'] };
