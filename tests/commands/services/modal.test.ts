import { describe, expect, it, vi } from 'vitest';
import { Drafts } from '../../../src/commands/services/drafts.ts';
import { configureModal, typedInto } from '../../../src/commands/services/modal.ts';
import { sayInEnglish } from '../../../src/messages.ts';
import { serviceDefinitions, serviceNames } from '../../../src/services/registry.ts';

const fieldsOf = (typed: Record<string, string>) => ({ getTextInputValue: (id: string) => typed[id] ?? '' });

describe('the modal', () => {
  it.each(serviceNames)('of %s asks for the key only when none is stored, and never fills it in', (name) => {
    const filled = { address: 'http://nas:1', username: 'ada' };
    for (const kept of [null, { from: 'saved' as const }, { from: 'draft' as const, draftId: 'x' }]) {
      const modal = JSON.stringify(configureModal(name, filled, kept, sayInEnglish).components.at(-1));
      expect(modal).toContain(`"required":${kept === null}`);
      expect(modal).not.toContain('"value"');
    }
  });

  it('leaves out an address that Discord would refuse to fill in', () => {
    const filled = { address: `http://nas/${'é'.repeat(500)}`, username: '' };
    expect(JSON.stringify(configureModal('radarr', filled, { from: 'saved' }, sayInEnglish))).not.toContain('"value"');
  });

  it('takes spaces off an API key, and leaves a password as it was typed', () => {
    const fields = fieldsOf({ address: ' nas ', username: ' ada ', secret: ' s e ' });
    expect(typedInto(fields, serviceDefinitions.radarr)).toEqual({ address: 'nas', username: null, secret: 's e' });
    expect(typedInto(fields, serviceDefinitions.qbittorrent)).toEqual({
      address: 'nas',
      username: 'ada',
      secret: ' s e ',
    });
    expect(typedInto(fieldsOf({ secret: '  ' }), serviceDefinitions.radarr).secret).toBeNull();
  });
});

describe('drafts', () => {
  const draft = {
    userId: 'a',
    serviceName: 'radarr' as const,
    typedAddress: 'x',
    baseUrl: 'http://x',
    username: null,
    secret: 's',
    sentTo: null,
  };

  it('exist once per person and service: a newer one replaces the older', () => {
    const drafts = new Drafts();
    const [first, other, own] = [
      drafts.put(draft),
      drafts.put({ ...draft, serviceName: 'sonarr' }),
      drafts.put({ ...draft, userId: 'b' }),
    ];
    const second = drafts.put(draft);
    expect([drafts.get(first, 'a'), drafts.get(second, 'a')]).toEqual([null, draft]);
    expect([drafts.get(other, 'a')?.serviceName, drafts.get(own, 'b')?.userId]).toEqual(['sonarr', 'b']);
  });

  it('can be put back under their id, and be forgotten once saved', () => {
    const drafts = new Drafts();
    const id = drafts.put(draft);
    expect(drafts.take(id, 'a')).toEqual(draft);
    drafts.put(draft, Date.now(), id);
    expect(drafts.get(id, 'a')).toEqual(draft);
    drafts.forget(draft);
    expect(drafts.get(id, 'a')).toBeNull();
  });

  it('are deleted from memory by themselves', ({ onTestFinished }) => {
    vi.useFakeTimers();
    onTestFinished(() => {
      vi.useRealTimers();
    });
    const drafts = new Drafts();
    const id = drafts.put(draft, 0);
    vi.advanceTimersByTime(15 * 60 * 1000);
    // Even for a clock that stands still, so it is gone and not only too old.
    expect(drafts.get(id, 'a', 1)).toBeNull();
  });
});
