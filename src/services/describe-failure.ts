import type { ServiceError, ServiceFailure } from '../errors.ts';
import type { FailureWords, ServiceClient, ServiceDefinition } from './service.ts';

type Writer = (label: string, error: ServiceError) => FailureWords;

const writers = {
  address_not_found: (label) => ({
    what: `The name in ${label}’s address was not found.`,
    nextStep: 'Check the spelling, or use the server’s IP address instead of its name.',
  }),
  refused: (label) => ({
    what: `${label} refused the connection: nothing answers at that address and port.`,
    nextStep: `Check that ${label} runs and that the port is right.`,
  }),
  timed_out: (label) => ({
    what: `${label} did not answer in time.`,
    nextStep: 'Check that the server is switched on and reachable from the bot’s machine, then try again.',
  }),
  connection_lost: (label) => ({
    what: `The connection to ${label} was lost before it answered.`,
    nextStep: `Try again; if it keeps happening, restart ${label}, check any proxy in front of it, or use https:// if it needs that.`,
  }),
  certificate: (label) => ({
    what: `No secure connection to ${label}: its certificate is not trusted.`,
    nextStep:
      'Use http:// on your home network, or ask the bot’s host to set NODE_EXTRA_CA_CERTS to your own certificate.',
  }),
  plain_http: (label) => ({
    what: `${label} uses http on that port, but the address says https.`,
    nextStep: 'Change the address to http://, or give the port for https.',
  }),
  wants_https: (label) => ({
    what: `${label} uses https on that port, but the address says http.`,
    nextStep: 'Change the address to https://, or give the port for http.',
  }),
  wrong_service: (label, { detail }) => ({
    what: `That is the address of ${detail ?? 'another program'}, not of ${label}.`,
    nextStep: `Give ${label}’s own address; often only the port is different.`,
  }),
  unauthorized: (label) => ({
    what: `${label} does not accept the key.`,
    nextStep: `Copy it again from ${label} and set it with \`/services configure\`.`,
  }),
  address_refused: (label, { detail }) => ({
    what: `${label} refuses ${detail === null ? 'that address' : `port ${detail}`}.`,
    nextStep: `Give the address and port under which ${label} itself expects to be reached.`,
  }),
  forbidden: (label, { detail }) => ({
    what: detail === null ? `${label} does not allow this.` : `${label} does not allow this: ${sentence(detail)}`,
    nextStep: `Check that user’s or key’s permissions in ${label}, or wait if there were many failed log-ins.`,
  }),
  not_found: (label) => ({
    what: `${label} was not found at that path.`,
    nextStep: `If ${label} has a URL base (such as /${label.toLowerCase()}), add it to the address.`,
  }),
  rejected: (label, { detail }) => ({
    what: detail === null ? `${label} refused the request.` : `${label} refused: ${sentence(detail)}`,
    nextStep: `Change the request, or check ${label} itself.`,
  }),
  conflict: (label, { detail }) => ({
    what: detail === null ? `${label} already has this.` : `${label} says: ${sentence(detail)}`,
    nextStep: `Nothing more is needed; you can see it in ${label}.`,
  }),
  rate_limited: (label) => ({
    what: `${label} is getting too many requests.`,
    nextStep: 'Wait a minute, then try again.',
  }),
  server_error: (label, { status }) => ({
    what: `${label} had an internal error${status === null ? '' : ` (HTTP ${status})`}.`,
    nextStep: `Try again in a minute; if it keeps happening, check ${label}’s log.`,
  }),
  not_json: (label) => ({
    what: `That address sent a web page or broken data, not what ${label} sends.`,
    nextStep: 'Check the port, and whether a log-in page or a proxy is in front of it.',
  }),
  unexpected_reply: (label) => ({
    what: `The bot does not understand ${label}’s answer.`,
    nextStep: `Update ${label}, or tell whoever hosts the bot.`,
  }),
  too_large: (label) => ({
    what: `${label}’s answer was too large to read.`,
    nextStep: 'Check that the address is right, or ask for less.',
  }),
  compressed: (label) => ({
    what: `${label}’s answer was compressed, which the bot does not accept.`,
    nextStep: `Give ${label}’s own address, or switch off compression in the proxy in front of it.`,
  }),
  redirected: (label, { detail }) => ({
    what: `${label}’s address redirects${detail === null ? '' : ` to \`${detail}\``}; your key was not sent there.`,
    nextStep:
      detail === null
        ? 'Run `/services test` to see where. If that address is yours, set it with `/services configure`.'
        : 'If that address is yours, set it with `/services configure`.',
  }),
  address_not_allowed: (label) => ({
    what: `The bot is not allowed to connect to ${label}’s address.`,
    nextStep: 'Use another address, or ask the bot’s host to allow private ones with SERVICE_ADDRESSES.',
  }),
  own_address: (label) => ({
    what: 'That address belongs to the bot or its database, so nothing was sent there.',
    nextStep: `Set ${label}’s own address with \`/services configure\`; often only the port is different.`,
  }),
} satisfies Record<ServiceFailure, Writer>;

/** A server's own words, ended with a full stop where they have none. */
function sentence(words: string): string {
  return /[.!?…]$/.test(words) ? words : `${words}.`;
}

/**
 * What failed and what to do next, one plain sentence each, in the words of this kind of server where it has words of its own. `label`
 * is its name as people know it.
 */
export function describeFailure(
  error: ServiceError,
  { label, failureWords }: Pick<ServiceDefinition<ServiceClient>, 'label' | 'failureWords'>,
): FailureWords {
  const writer: Writer = writers[error.failure];
  const usual = writer(label, error);
  return failureWords?.[error.failure]?.(error, usual) ?? usual;
}
