import { LookUps } from '../look-ups.ts';
import type { FoundTitle } from './title-kinds.ts';

/** Of this process; the keys are the ids of users, so they belong to no one database. */
export const titleLookUps = new LookUps<FoundTitle>();
