import { randomBytes } from 'node:crypto';
import type { ServiceName } from '../../services/registry.ts';

/** What a person typed into the modal, until it is saved. Its key must lie nowhere in clear but in this memory. */
export type Draft = {
  userId: string;
  serviceName: ServiceName;
  typedAddress: string;
  /** Null while the typed address is no address. */
  baseUrl: string | null;
  username: string | null;
  secret: string | null;
};

const lifeMs = 15 * 60 * 1000;
const mostDrafts = 500;

/** Keeps drafts for 15 minutes in this process alone: after a restart the person types again. */
export class Drafts {
  readonly #drafts = new Map<string, { draft: Draft; until: number }>();

  /** Keeps a draft and gives the id under which its own user finds it. */
  put(draft: Draft, now = Date.now()): string {
    this.#forgetOld(now);
    const id = randomBytes(9).toString('base64url');
    this.#drafts.set(id, { draft, until: now + lifeMs });
    return id;
  }

  /** The draft, while it lives and is this user's; else null. */
  get(id: string, userId: string, now = Date.now()): Draft | null {
    const entry = this.#drafts.get(id);
    return entry !== undefined && entry.until > now && entry.draft.userId === userId ? entry.draft : null;
  }

  /** Takes it out: of two presses only one gets it. */
  take(id: string, userId: string, now = Date.now()): Draft | null {
    const draft = this.get(id, userId, now);
    if (draft !== null) this.#drafts.delete(id);
    return draft;
  }

  #forgetOld(now: number): void {
    for (const [id, { until }] of this.#drafts) {
      if (until > now && this.#drafts.size < mostDrafts) return;
      this.#drafts.delete(id);
    }
  }
}
