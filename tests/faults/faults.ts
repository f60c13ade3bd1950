import type { Fault } from '../../playground/servers/faults.ts';

export type NamedFault = {
  name: string;
  fault: Fault;
  /** How the reason is told. */
  reason: RegExp;
  /** A client may be able to read the answer all the same, and to make of it what it is. */
  mayWork?: true;
};

/** What is no API's answer is a web page, or another program where the service is asked who it is. */
const broken = /web page or broken data|the address of another program, not/;
const linkLocal = 'http://169.254.169.254/latest/meta-data';

/** The limit of a call in these tests, in milliseconds: an answer without a fault comes within it on a busy machine, too. */
export const callMs = 2000;

/** Everything that a media server, or what stands before it, may do wrong. */
export const faults: NamedFault[] = [
  {
    name: 'status 401',
    fault: { kind: 'status', status: 401 },
    reason: /does not accept the (key|user name or password)/,
  },
  {
    name: 'status 403',
    fault: { kind: 'status', status: 403 },
    reason: /does not (allow this|accept the (key|user name))/,
  },
  {
    name: 'status 404',
    fault: { kind: 'status', status: 404 },
    reason: /not found at that path|knows no (title|film|series) with that|finds no such title/,
  },
  {
    name: 'status 409',
    fault: { kind: 'status', status: 409 },
    reason: /already has this|says:|is requested in Seerr already/,
  },
  { name: 'status 429', fault: { kind: 'status', status: 429 }, reason: /too many requests/ },
  { name: 'status 500', fault: { kind: 'status', status: 500 }, reason: /an internal error \(HTTP 500\)/ },
  { name: 'status 503', fault: { kind: 'status', status: 503 }, reason: /an internal error \(HTTP 503\)/ },
  { name: 'delay past the limit', fault: { kind: 'delay', ms: callMs + 3000 }, reason: /did not answer in time/ },
  { name: 'hang', fault: { kind: 'hang' }, reason: /did not answer in time/ },
  { name: 'reset', fault: { kind: 'reset' }, reason: /connection to \S+ was lost/ },
  { name: 'HTML', fault: { kind: 'html' }, reason: broken },
  { name: 'cut JSON', fault: { kind: 'cut-json' }, reason: broken },
  {
    name: 'wrong content type',
    fault: { kind: 'wrong-content-type' },
    reason: broken,
    mayWork: true,
  },
  { name: 'nulls', fault: { kind: 'nulls' }, reason: /does not understand|another program, not/, mayWork: true },
  // A library may be as large: it is read to its end, where there is none. Sending it takes a busy machine longer than the limit.
  { name: '50 MB', fault: { kind: 'huge' }, reason: /too large|did not answer in time|web page or broken data/ },
  {
    name: 'redirect to another host',
    fault: { kind: 'redirect', to: 'http://192.0.2.7/login' },
    reason: /redirects/,
  },
  {
    name: 'redirect to link-local',
    fault: { kind: 'redirect', to: linkLocal },
    reason: /redirects/,
  },
];
