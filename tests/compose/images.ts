// The images that the compose files name and do not build: here, else pulled.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { type ComposeProject, docker } from './engine.ts';

const run = promisify(execFile);

/** Grafana's is the largest, 250 MB packed. */
const PULL_LIMIT_MS = 300_000;

/** What the build starts from; no service of the compose files names it. */
export const BASE_IMAGE = 'node:26-bookworm-slim';

export async function hasImage(image: string): Promise<boolean> {
  return docker('image', 'inspect', image).then(
    () => true,
    () => false,
  );
}

/** @returns those that are neither here nor to be had */
export async function missingImages(project: ComposeProject, own: readonly string[]): Promise<readonly string[]> {
  const services: Readonly<Record<string, { readonly image?: string }>> = parse(
    (await project.compose('config')).text,
  ).services;
  const named = new Set([BASE_IMAGE, ...Object.values(services).flatMap(({ image = [] }) => image)]);
  const wanted = [...named].filter((image) => !own.includes(image));
  const isHere = await Promise.all(wanted.map(async (image) => (await hasImage(image)) || (await pull(image))));
  return wanted.filter((_, index) => !isHere[index]);
}

async function pull(image: string): Promise<boolean> {
  return run('docker', ['pull', '--quiet', image], { timeout: PULL_LIMIT_MS }).then(
    () => true,
    () => false,
  );
}
