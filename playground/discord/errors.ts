/** An answer of Discord's that refuses: its code and words as the real one's. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: number;
  readonly errors: Record<string, unknown> | null;

  constructor(status: number, code: number, message: string, errors: Record<string, unknown> | null = null) {
    super(message);
    this.status = status;
    this.code = code;
    this.errors = errors;
  }

  get body(): Record<string, unknown> {
    const { message, code, errors } = this;
    return errors === null ? { message, code } : { message, code, errors };
  }
}

export const unauthorized = () => new Refusal(401, 0, '401: Unauthorized');
export const notFound = () => new Refusal(404, 0, '404: Not Found');
export const methodNotAllowed = () => new Refusal(405, 0, '405: Method Not Allowed');
export const invalidJson = () => new Refusal(400, 50109, 'The request body contains invalid JSON.');
export const entityTooLarge = () => new Refusal(413, 40005, 'Request entity too large');
export const unknownInteraction = () => new Refusal(404, 10062, 'Unknown interaction');
export const alreadyAcknowledged = () => new Refusal(400, 40060, 'Interaction has already been acknowledged.');
export const tooManyFollowUps = () =>
  new Refusal(400, 40094, 'The maximum number of follow-up messages has been reached');
export const unknownMessage = () => new Refusal(404, 10008, 'Unknown Message');
export const unknownChannel = () => new Refusal(404, 10003, 'Unknown Channel');
export const unknownWebhook = () => new Refusal(404, 10015, 'Unknown Webhook');
export const unknownUser = () => new Refusal(404, 10013, 'Unknown User');
export const unknownCommand = () => new Refusal(404, 10063, 'Unknown application command');
export const invalidRecipient = () => new Refusal(400, 50033, 'Invalid Recipient(s)');
export const invalidToken = () => new Refusal(401, 50027, 'Invalid Webhook Token');
export const notYourApplication = () =>
  new Refusal(403, 20012, 'You are not authorized to perform this action on this application');
export const notYourMessage = () => new Refusal(403, 50005, 'Cannot edit a message authored by another user');
export const emptyMessage = () => new Refusal(400, 50006, 'Cannot send an empty message');
export const missingAccess = () => new Refusal(403, 50001, 'Missing Access');
export const missingPermissions = () => new Refusal(403, 50013, 'Missing Permissions');
export const cannotSendToUser = () => new Refusal(403, 50007, 'Cannot send messages to this user');
export const cannotReadHistory = () =>
  new Refusal(400, 160002, 'Cannot reply without permission to read message history');
