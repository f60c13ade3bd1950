import { readFileSync } from 'node:fs';
import { z } from 'zod';

export type Instruction = { name: string; text: string };

/** A file of the project's root. */
export function rootFile(name: string): string {
  return readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');
}

/** The instructions of a Dockerfile, continued lines joined, comments left out. */
export function readDockerfile(text: string): Instruction[] {
  const lines = text.split('\n').filter((line) => !line.startsWith('#'));
  return lines
    .join('\n')
    .replace(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [name = '', ...rest] = line.split(' ');
      return { name, text: rest.join(' ') };
    });
}

/** The arguments of an instruction in exec form: `CMD ["node", …]`. */
export function execForm(text: string): string[] {
  return z.array(z.string()).parse(JSON.parse(text));
}

const packageSchema = z.object({
  scripts: z.object({ start: z.string() }),
  devDependencies: z.object({ node: z.string() }),
});

/** What package.json says of the start and of Node. */
export const packageFile = packageSchema.parse(JSON.parse(rootFile('package.json')));

const dockerfile = readDockerfile(rootFile('Dockerfile'));

/** The instructions of the stage that becomes the image. */
export const imageStage = dockerfile.slice(dockerfile.findLastIndex(({ name }) => name === 'FROM'));
export const firstStage = dockerfile.slice(0, dockerfile.length - imageStage.length);

/** The only instruction of that name in the image's stage. Throws when there is none, or several. */
export function only(name: string): string {
  const [found, ...more] = imageStage.filter((instruction) => instruction.name === name);
  if (found === undefined || more.length > 0) throw new Error(`the image has not one ${name}`);
  return found.text;
}
