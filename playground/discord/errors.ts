/** An answer of Discord's that refuses: its code and words as the real one's. */
export class Refusal extends Error {
  readonly status: number;
  readonly body: Record<string, unknown>;

  constructor(status: number, code: number, message: string, errors?: Record<string, unknown>) {
    super(message);
    this.status = status;
    this.body = errors === undefined ? { message, code } : { message, code, errors };
  }
}

/** 50035 with the nested `errors` object: `path` is where in the body, as in "components.0.custom_id". */
export function invalidForm(path: string, code: string, message: string): Refusal {
  const leaf: Record<string, unknown> = { _errors: [{ code, message }] };
  const errors = path.split('.').reduceRight<Record<string, unknown>>((inner, key) => ({ [key]: inner }), leaf);
  return new Refusal(400, 50035, 'Invalid Form Body', errors);
}

export const unknownInteraction = () => new Refusal(404, 10062, 'Unknown interaction');
export const alreadyAcknowledged = () => new Refusal(400, 40060, 'Interaction has already been acknowledged.');
export const unknownMessage = () => new Refusal(404, 10008, 'Unknown Message');
export const unknownChannel = () => new Refusal(404, 10003, 'Unknown Channel');
export const unknownWebhook = () => new Refusal(404, 10015, 'Unknown Webhook');
export const invalidToken = () => new Refusal(401, 50027, 'Invalid Webhook Token');
export const missingAccess = () => new Refusal(403, 50001, 'Missing Access');
export const missingPermissions = () => new Refusal(403, 50013, 'Missing Permissions');
export const cannotSendToUser = () => new Refusal(403, 50007, 'Cannot send messages to this user');
