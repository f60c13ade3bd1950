/**
 * Whether this test has the machine to itself, as `.ci/run` lets those that hold a time in milliseconds. Beside other tests a time
 * tells of these, too: then only what no other test explains is held.
 */
export const isAlone = process.env.TEST_ALONE !== undefined;
