import type { FoundTitle } from '../../tools/titles/search-extras.ts';
import { LookUps } from '../look-ups.ts';

/** Of this process; the keys are the ids of users, so they belong to no one database. */
export const titleLookUps = new LookUps<FoundTitle>();
