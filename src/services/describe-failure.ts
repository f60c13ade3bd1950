import type { ServiceError } from '../errors.ts';
import { type Message, messages, type Say } from '../messages.ts';
import type { FailureMessages, FailureValues, ServiceClient, ServiceDefinition } from './service.ts';

/** What failed, by the failure's name; `…_next`: what to do next; `…_told`: where the error has a detail. */
export const failureMessages = messages('service_failures', {
  address_not_found: 'The name in {label}’s address was not found.',
  address_not_found_next: 'Check the spelling, or use the server’s IP address instead of its name.',
  refused: '{label} refused the connection: nothing answers at that address and port.',
  refused_next: 'Check that {label} runs and that the port is right.',
  timed_out: '{label} did not answer in time.',
  timed_out_next: 'Check that the server is switched on and reachable from the bot’s machine, then try again.',
  connection_lost: 'The connection to {label} was lost before it answered.',
  connection_lost_next:
    'Try again; if it keeps happening, restart {label}, check any proxy in front of it, or use https:// if it needs that.',
  certificate: 'No secure connection to {label}: its certificate is not trusted.',
  certificate_next:
    'Use http:// on your home network, or ask the bot’s host to set NODE_EXTRA_CA_CERTS to your own certificate.',
  plain_http: '{label} uses http on that port, but the address says https.',
  plain_http_next: 'Change the address to http://, or give the port for https.',
  wants_https: '{label} uses https on that port, but the address says http.',
  wants_https_next: 'Change the address to https://, or give the port for http.',
  wrong_service: 'That is the address of another program, not of {label}.',
  wrong_service_told: 'That is the address of {detail}, not of {label}.',
  wrong_service_next: 'Give {label}’s own address; often only the port is different.',
  unauthorized: '{label} does not accept the key.',
  unauthorized_next: 'Copy it again from {label} and set it with `/services configure`.',
  address_refused: '{label} refuses that address.',
  address_refused_told: '{label} refuses port {detail}.',
  address_refused_next: 'Give the address and port under which {label} itself expects to be reached.',
  forbidden: '{label} does not allow this.',
  forbidden_told: '{label} does not allow this: {itsWords}',
  forbidden_next: 'Check that user’s or key’s permissions in {label}, or wait if there were many failed log-ins.',
  not_found: '{label} was not found at that path.',
  not_found_next: 'If {label} has a URL base (such as /{urlBase}), add it to the address.',
  rejected: '{label} refused the request.',
  rejected_told: '{label} refused: {itsWords}',
  rejected_next: 'Change the request, or check {label} itself.',
  conflict: '{label} already has this.',
  conflict_told: '{label} says: {itsWords}',
  conflict_next: 'Nothing more is needed; you can see it in {label}.',
  rate_limited: '{label} is getting too many requests.',
  rate_limited_next: 'Wait a minute, then try again.',
  server_error: '{label} had an internal error.',
  server_error_with_status: '{label} had an internal error (HTTP {status}).',
  server_error_next: 'Try again in a minute; if it keeps happening, check {label}’s log.',
  not_json: 'That address sent a web page or broken data, not what {label} sends.',
  not_json_next: 'Check the port, and whether a log-in page or a proxy is in front of it.',
  unexpected_reply: 'The bot does not understand {label}’s answer.',
  unexpected_reply_next: 'Update {label}, or tell whoever hosts the bot.',
  too_large: '{label}’s answer was too large to read.',
  too_large_next: 'Check that the address is right, or ask for less.',
  compressed: '{label}’s answer was compressed, which the bot does not accept.',
  compressed_next: 'Give {label}’s own address, or switch off compression in the proxy in front of it.',
  redirected: '{label}’s address redirects; your key was not sent there.',
  redirected_told: '{label}’s address redirects to `{detail}`; your key was not sent there.',
  redirected_next: 'Run `/services test` to see where. If that address is yours, set it with `/services configure`.',
  redirected_told_next: 'If that address is yours, set it with `/services configure`.',
  address_not_allowed: 'The bot is not allowed to connect to {label}’s address.',
  address_not_allowed_next: 'Use another address, or ask the bot’s host to allow private ones with SERVICE_ADDRESSES.',
  own_address: 'That address belongs to the bot or its database, so nothing was sent there.',
  own_address_next: 'Set {label}’s own address with `/services configure`; often only the port is different.',
});

/** The messages by their names, where not every failure need have one. */
const named: { readonly [Name in string]?: Message<FailureValues> } = failureMessages;

/**
 * What failed and what to do next, one plain sentence each, in the words of this kind of server where it has words of its own. `label`
 * is its name as people know it.
 */
export function describeFailure(
  error: ServiceError,
  { label, failureWords }: Pick<ServiceDefinition<ServiceClient>, 'label' | 'failureWords'>,
  say: Say,
): { what: string; nextStep: string } {
  const usual = usualMessages(error);
  const { what, nextStep } = failureWords?.[error.failure]?.(error, usual) ?? usual;
  const detail = error.detail ?? '';
  const urlBase = label.toLowerCase();
  const values = { label, urlBase, detail, itsWords: sentence(detail), status: error.status ?? 0 };
  return { what: say(what, values), nextStep: say(nextStep, values) };
}

function usualMessages({ failure, detail, status, explained }: ServiceError): FailureMessages {
  const nextStep = failureMessages[`${failure}_next`];
  const plain: FailureMessages = { what: explained ?? failureMessages[failure], nextStep };
  if (failure === 'server_error' && status !== null)
    return { what: failureMessages.server_error_with_status, nextStep };
  if (detail === null || explained !== null) return plain;
  return { what: named[`${failure}_told`] ?? plain.what, nextStep: named[`${failure}_told_next`] ?? nextStep };
}

/** A server's own words, ended with a full stop where they have none. */
function sentence(words: string): string {
  return /[.!?…]$/.test(words) ? words : `${words}.`;
}
