import { randomBytes } from 'node:crypto';
import type { ServiceFailure } from '../../errors.ts';
import type { ServiceName } from '../../services/registry.ts';

/** What a person typed into the modal, until it is saved. Its key must not be stored in clear anywhere but in this memory. */
export type Draft = {
  userId: string;
  serviceName: ServiceName;
  typedAddress: string;
  /** Null while the typed address is no address. */
  baseUrl: string | null;
  username: string | null;
  /** Null when none was typed, so that the stored one is meant. */
  secret: string | null;
  /** The machine that the typed key was sent to; null if it was not sent yet. */
  sentTo: string | null;
  /** Why the connection did not work, when it was tried. */
  failure?: ServiceFailure;
};

const lifeMs = 15 * 60 * 1000;
const mostDrafts = 500;

type Entry = { draft: Draft; until: number; timer: NodeJS.Timeout };

/**
 * Keeps drafts for 15 minutes in this process alone: after a restart the person types again. A person has one draft a
 * service; a newer one takes its place.
 */
export class Drafts {
  readonly #entries = new Map<string, Entry>();

  /** Keeps a draft and gives the id under which its own user finds it; `id` puts back one that was taken. */
  put(draft: Draft, now = Date.now(), id = randomBytes(9).toString('base64url')): string {
    this.forget(draft);
    // A timer of its own, so that a key does not outlive its time when nobody looks.
    const timer = setTimeout(() => this.#delete(id), lifeMs).unref();
    this.#entries.set(id, { draft, until: now + lifeMs, timer });
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= mostDrafts) break;
      this.#delete(oldest);
    }
    return id;
  }

  /** The draft, while it lives and is this user's; else null. */
  get(id: string, userId: string, now = Date.now()): Draft | null {
    const entry = this.#entries.get(id);
    return entry !== undefined && entry.until > now && entry.draft.userId === userId ? entry.draft : null;
  }

  /** Takes it out: of two presses only one gets it. */
  take(id: string, userId: string, now = Date.now()): Draft | null {
    const draft = this.get(id, userId, now);
    if (draft !== null) this.#delete(id);
    return draft;
  }

  /** Drops what this person typed for this service, such as once it is saved. */
  forget({ userId, serviceName }: Pick<Draft, 'userId' | 'serviceName'>): void {
    for (const [id, { draft }] of this.#entries)
      if (draft.userId === userId && draft.serviceName === serviceName) this.#delete(id);
  }

  #delete(id: string): void {
    clearTimeout(this.#entries.get(id)?.timer);
    this.#entries.delete(id);
  }
}
