import { ChatSDKError, UserError } from '../errors.ts';
import { messages } from '../messages.ts';
import type { Binding, Keyring } from './encryption.ts';
import { originOf } from './origin.ts';
import type { ServiceConfig } from './schema.ts';

export const sealedKeyMessages = messages('sealed_key', {
  noAddress: 'That is not an address. Type one such as http://192.168.1.20:7878.',
});

/** `instance`: which of a person's servers of one kind; everybody has one of each for now. */
type Place = Pick<ServiceConfig, 'userId' | 'serviceName' | 'baseUrl'> & { instance?: string };

/**
 * A person's key or password as it is stored, together with what it was sealed for. Made by `seal` alone, so what is written to
 * `ServiceConfig.apiKey` is always ciphertext and its server is known without opening it.
 */
export class SealedKey {
  readonly ciphertext: string;
  readonly #binding: Binding;

  private constructor(ciphertext: string, binding: Binding) {
    this.ciphertext = ciphertext;
    this.#binding = binding;
  }

  /** Seals a key for one person's server at the origin of `baseUrl`. Throws UserError when that is no address. */
  static seal(keyring: Keyring, secret: string, place: Place): SealedKey {
    const binding = bindingOf(place);
    if (binding === null) throw new UserError((say) => say(sealedKeyMessages.noAddress));
    return new SealedKey(keyring.encrypt({ plaintext: secret, binding }), binding);
  }

  /** Throws ChatSDKError (`forbidden:encryption`) unless it was sealed for exactly this server. */
  assertFor(place: Place): void {
    const binding = bindingOf(place);
    if (binding === null || JSON.stringify(binding) !== JSON.stringify(this.#binding))
      throw new ChatSDKError('forbidden:encryption', 'A key can be saved only for the server that it was sealed for');
  }
}

/** The key of a stored server in clear, to be sent to `baseUrl` alone; null when it was not sealed for exactly this row. */
export function openSealedKey(keyring: Keyring, row: Place & Pick<ServiceConfig, 'apiKey'>): string | null {
  const binding = bindingOf(row);
  return binding === null ? null : keyring.decrypt({ ciphertext: row.apiKey, binding });
}

function bindingOf({ userId, serviceName, instance = 'default', baseUrl }: Place): Binding | null {
  const origin = originOf(baseUrl);
  return origin === null ? null : { kind: 'service', userId, serviceName, instance, origin };
}
