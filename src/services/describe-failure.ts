import type { ServiceError, ServiceFailure } from '../errors.ts';

type Words = { what: string; nextStep: string };
type Writer = (label: string, error: ServiceError) => Words;

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
    what: `The connection to ${label} broke off before it answered.`,
    nextStep: `Try again; if it goes on, restart ${label} or check the proxy before it.`,
  }),
  certificate: (label) => ({
    what: `No secure connection to ${label}: its certificate is not trusted, or it speaks plain http.`,
    nextStep:
      'Use http:// on your home network, or have the host start the bot with NODE_EXTRA_CA_CERTS naming your own certificate.',
  }),
  wrong_service: (label, { detail }) => ({
    what: `That address answers, but it is ${detail ?? 'another program'}, not ${label}.`,
    nextStep: `Give the address of ${label} instead; the port number is often what differs.`,
  }),
  unauthorized: (label) =>
    label === 'qBittorrent'
      ? {
          what: `${label} does not accept the user name or password.`,
          nextStep: 'Set both with `/services configure`.',
        }
      : {
          what: `${label} does not accept the key.`,
          nextStep: `Copy it anew from ${label} and set it with \`/services configure\`.`,
        },
  forbidden: (label, { detail }) => ({
    what: detail === null ? `${label} does not allow this.` : `${label} does not allow this: ${detail}`,
    nextStep:
      label === 'Seerr'
        ? whatSeerrNeeds(detail ?? '')
        : `Check what that user or key may do in ${label}, or wait if there were many failed log-ins.`,
  }),
  not_found: (label) => ({
    what: `${label} was not found at that path.`,
    nextStep: `If ${label} has a URL base (such as /${label.toLowerCase()}), add it to the address.`,
  }),
  rejected: (label, { detail }) => ({
    what: detail === null ? `${label} refused the request.` : `${label} refused: ${detail}`,
    nextStep: `Change what it names, or look into ${label} itself.`,
  }),
  conflict: (label, { detail }) => ({
    what: detail === null ? `${label} says that this is already there.` : `${label} says: ${detail}`,
    nextStep: `Nothing more is needed; look into ${label} to see it.`,
  }),
  rate_limited: (label) => ({
    what: `${label} gets too many requests just now.`,
    nextStep: 'Wait a minute, then try again.',
  }),
  server_error: (label, { status }) => ({
    what: `${label} has an error of its own${status === null ? '' : ` (HTTP ${status})`}.`,
    nextStep: `Try again in a minute; if it goes on, look into ${label}’s log.`,
  }),
  not_json: (label) => ({
    what: `Something answers at that address, but not as ${label} does: it sent a web page or broken data.`,
    nextStep: 'Check the port and whether a log-in page or proxy stands before it.',
  }),
  unexpected_reply: (label) => ({
    what: `${label} answered in a way that the bot does not understand.`,
    nextStep: `Update ${label}, or tell whoever hosts the bot.`,
  }),
  too_large: (label) => ({
    what: `${label}’s answer was too large to be read.`,
    nextStep: 'Check that the address is right, or ask for less.',
  }),
  redirected: (label, { detail }) => ({
    what: `${label}’s address sends the bot on${detail === null ? '' : ` to ${detail}`}; your key was not sent there.`,
    nextStep:
      detail === null
        ? 'See where with `/services test`, and set that address with `/services configure` if it is yours.'
        : 'Set that address with `/services configure` if it is yours.',
  }),
  address_not_allowed: (label) => ({
    what: `The bot is not allowed to connect to ${label}’s address.`,
    nextStep: 'Use another address, or ask the bot’s host to allow private ones with SERVICE_ADDRESSES.',
  }),
} satisfies Record<ServiceFailure, Writer>;

/** Seerr says by its words alone which of its rules it was. */
function whatSeerrNeeds(words: string): string {
  if (/quota/i.test(words)) return 'Wait until the quota allows more, or ask whoever runs Seerr.';
  if (/bl(ock|ack)list/i.test(words)) return 'Whoever runs Seerr can take it off that list.';
  if (/permission|may remove/i.test(words)) return 'Ask whoever runs Seerr to do or to allow it.';
  return 'Check what that user may do, and switch off “Enable CSRF Protection” in Seerr’s network settings.';
}

/** What failed and what to do next, one plain sentence each. `label` is the service's name as people know it. */
export function describeFailure(error: ServiceError, label: string): Words {
  const writer: Writer = writers[error.failure];
  return writer(label, error);
}
