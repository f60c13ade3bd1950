import { z } from 'zod';
import { messages, type Say } from '../../messages.ts';
import type { SpeedLimits, Torrent } from '../../services/qbittorrent/torrents.ts';
import type { NumberChoice } from '../choices.ts';
import { formatSpeed } from '../measures.ts';
import { slot, told } from '../sentences.ts';
import { definePressTool } from '../tool.ts';
import {
  amongst,
  changeTorrents,
  type MeantTorrents,
  ofTorrents,
  previewTorrents,
  torrentsSummaryShape,
  verdictOn,
} from './change-torrents.ts';
import { listTorrents } from './list-torrents.ts';

/** In kB a second: qBittorrent keeps bytes in 32 bits. */
const mostSpeed = 2_000_000;
/** The limit of all together is kept in whole KiB (seen with 4.5.2), a torrent’s in bytes. */
const kibibyte = 1024;

const speedInput = z.number().int().min(0).max(mostSpeed);

const input = ofTorrents.input.extend({
  downloadLimit: speedInput.optional(),
  uploadLimit: speedInput.optional(),
});

type Input = z.output<typeof input>;
type Wanted = Pick<Input, 'downloadLimit' | 'uploadLimit'>;
type Details = MeantTorrents & { limits: SpeedLimits };

const words = messages('limit_speed', {
  activity: 'Setting limits in qBittorrent',
  button: 'Set limits',
  busy: 'Setting the limits…',
  ofAll: 'For all torrents together.',
  ofEach: '{count, plural, one {For this torrent} other {For each of these # torrents}}.',
  download: '**Download:** at most {speed}',
  downloadUnlimited: '**Download:** no limit',
  upload: '**Upload:** at most {speed}',
  uploadUnlimited: '**Upload:** no limit',
  nothing: 'Choose a limit for downloading or uploading; 0 takes a limit away.',
  chooseDownload: 'Download',
  chooseUpload: 'Upload',
  unit: 'kB/s',
  limited: '✅ The limits are set in qBittorrent.',
});

export const limitSpeed = definePressTool({
  name: 'limit_speed',
  description: 'Limit speeds in kB/s (0: no limit): of "all" together, or of each torrent.',
  model: { tool: 'change_torrents', action: 'limit' },
  effect: 'write',
  services: ['qbittorrent'],
  input,
  output: z.object({
    result: z.literal('limited'),
    downloadLimit: z.number().optional(),
    uploadLimit: z.number().optional(),
    ...torrentsSummaryShape,
  }),
  words,
  sentences: {
    phrases: [
      {
        says: ['limit everything|downloads to {speed}', 'limit [the] download speed to {speed}'],
        means: { torrents: 'all' },
      },
      {
        says: ['remove [the|all] [speed] limit|limits', 'download at full speed'],
        means: { torrents: 'all', downloadLimit: 0, uploadLimit: 0 },
      },
      { says: ['limit [the] {torrent} [torrent|download] to {speed}'] },
    ],
    input: { torrents: told(listTorrents, 'torrents'), downloadLimit: slot('speed') },
  },
  async load(stack, meant, options): Promise<Details> {
    const [torrents, { limits }] = await Promise.all([
      ofTorrents.load(stack, meant, options),
      stack.get('qbittorrent').transfer(options),
    ]);
    return { ...torrents, limits };
  },
  preview(wanted, details, say) {
    const isNothing = wanted.downloadLimit === undefined && wanted.uploadLimit === undefined;
    const count = amongst(details.torrents, wanted.torrents).length;
    const whose = wanted.torrents === 'all' ? say(words.ofAll) : say(words.ofEach, { count });
    const lines = isNothing ? [say(words.nothing)] : [whose, ...limitLines(wanted, say)];
    return { isNothing, ...previewTorrents(wanted, details, { lines, say }) };
  },
  choices(wanted, details, say) {
    const now = limitsNow(wanted, details);
    const speed = { kind: 'number', unit: say(words.unit), least: 0, most: mostSpeed } as const;
    const download: NumberChoice<Input> = {
      ...speed,
      id: 'download',
      label: say(words.chooseDownload),
      chosen: wanted.downloadLimit ?? now.download,
      take: (downloadLimit) => ({ ...wanted, downloadLimit }),
    };
    const upload: NumberChoice<Input> = {
      ...speed,
      id: 'upload',
      label: say(words.chooseUpload),
      chosen: wanted.uploadLimit ?? now.upload,
      take: (uploadLimit) => ({ ...wanted, uploadLimit }),
    };
    return [...ofTorrents.choices(wanted, details, say), download, upload];
  },
  async run(stack, wanted, options) {
    const qbittorrent = stack.get('qbittorrent');
    const { torrents: which, downloadLimit, uploadLimit } = wanted;
    const change = () => qbittorrent.limitSpeed(which, bytesOf(wanted), options);
    const isDone = (torrent: Torrent) => which === 'all' || areSet(wanted, torrent.limits);
    const changed = await changeTorrents(qbittorrent, { which, change, isDone }, options);
    return { result: 'limited' as const, downloadLimit, uploadLimit, ...changed };
  },
  async verify(stack, wanted, options) {
    const qbittorrent = stack.get('qbittorrent');
    if (wanted.torrents !== 'all')
      return verdictOn(qbittorrent, wanted.torrents, ({ limits }) => areSet(wanted, limits), options);
    const { limits } = await qbittorrent.transfer(options);
    return areSet(wanted, limits) ? 'happened' : 'did_not_happen';
  },
  done: { limited: (output, { say }) => [say(words.limited), ...limitLines(output, say)].join('\n') },
});

/** The limits that hold now, in kB/s: of all together, or where all of these torrents have the same. */
function limitsNow({ torrents: which }: Input, { torrents, limits }: Details) {
  const among = which === 'all' ? [limits] : torrents.map((torrent) => torrent.limits);
  const common = (of: keyof SpeedLimits) => {
    const [first = 0, ...others] = new Set(among.map((one) => Math.round((one[of] ?? 0) / 1000)));
    return others.length === 0 ? first : null;
  };
  return { download: common('download'), upload: common('upload') };
}

function bytesOf({ downloadLimit, uploadLimit }: Wanted): Partial<SpeedLimits> {
  return {
    ...(downloadLimit === undefined ? {} : { download: inBytes(downloadLimit) }),
    ...(uploadLimit === undefined ? {} : { upload: inBytes(uploadLimit) }),
  };
}

function inBytes(kilobytes: number): number | null {
  return kilobytes === 0 ? null : Math.max(kibibyte, kilobytes * 1000);
}

/** Whether what is wanted holds, as far as it keeps it. */
function areSet({ downloadLimit, uploadLimit }: Wanted, limits: SpeedLimits): boolean {
  const kept = (bytes: number | null) => Math.floor((bytes ?? 0) / kibibyte);
  const isSet = (wanted: number | undefined, now: number | null) =>
    wanted === undefined || kept(inBytes(wanted)) === kept(now);
  return isSet(downloadLimit, limits.download) && isSet(uploadLimit, limits.upload);
}

function limitLines({ downloadLimit, uploadLimit }: Wanted, say: Say): string[] {
  const lines: string[] = [];
  if (downloadLimit === 0) lines.push(say(words.downloadUnlimited));
  else if (downloadLimit !== undefined)
    lines.push(say(words.download, { speed: formatSpeed(downloadLimit * 1000, say) }));
  if (uploadLimit === 0) lines.push(say(words.uploadUnlimited));
  else if (uploadLimit !== undefined) lines.push(say(words.upload, { speed: formatSpeed(uploadLimit * 1000, say) }));
  return lines;
}
