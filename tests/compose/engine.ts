// Docker as the compose test uses it: the compose command that is there, containers by their service, and a way to signal a
// process from outside its container without being root on the host.
import { execFile, execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
export const CHECKOUT = dirname(dirname(import.meta.dirname));

/** The image that helper programs run in; the build needs it anyway. */
const HELPER_IMAGE = 'node:26-bookworm-slim';

export interface Answer {
  readonly code: number;
  /** Standard output and error together. */
  readonly text: string;
}

/** What `docker inspect` says, as far as the checks read it. */
export interface ContainerFacts {
  readonly Id: string;
  readonly Name: string;
  readonly RestartCount: number;
  readonly State: {
    readonly Status: string;
    readonly Pid: number;
    readonly StartedAt: string;
    readonly ExitCode: number;
    readonly OOMKilled: boolean;
    readonly Health?: { readonly Status: string };
  };
  readonly Config: {
    readonly User: string;
    readonly Healthcheck?: { readonly Interval: number; readonly Retries: number };
  };
  readonly HostConfig: {
    readonly Memory: number;
    readonly MemorySwap: number;
    readonly NanoCpus: number;
    readonly ReadonlyRootfs: boolean;
    readonly CapDrop: readonly string[] | null;
    readonly SecurityOpt: readonly string[] | null;
    readonly RestartPolicy: { readonly Name: string };
    readonly LogConfig: { readonly Type: string; readonly Config: Readonly<Record<string, string>> };
    readonly PortBindings: Readonly<Record<string, readonly { readonly HostIp: string }[]>> | null;
  };
  readonly NetworkSettings: {
    readonly Networks: Readonly<Record<string, { readonly Aliases: readonly string[] | null }>>;
  };
}

export interface ComposeProject {
  /** Runs compose with the project's files. Never throws: the code tells. */
  compose(...args: readonly string[]): Promise<Answer>;
  inspect(service: string): Promise<ContainerFacts>;
}

/** `undefined` where no engine answers. */
export function findEngine(): readonly string[] | undefined {
  const works = (command: string, ...args: readonly string[]) => {
    try {
      execFileSync(command, args, { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  };
  if (!works('docker', 'info')) return undefined;
  if (works('docker', 'compose', 'version')) return ['docker', 'compose'];
  return works('docker-compose', 'version') ? ['docker-compose'] : undefined;
}

export function openProject(
  composeCommand: readonly string[],
  files: readonly string[],
  environment: Readonly<Record<string, string>>,
): ComposeProject {
  const [command = 'docker', ...prefix] = composeCommand;
  const options = {
    cwd: CHECKOUT,
    // Both builders must do; the classic one is everywhere.
    env: { ...process.env, DOCKER_BUILDKIT: '0', COMPOSE_DOCKER_CLI_BUILD: '0', ...environment },
    maxBuffer: 64 * 1024 * 1024,
  };
  const compose = (...args: readonly string[]) =>
    finish(run(command, [...prefix, ...files.flatMap((file) => ['-f', file]), ...args], options));
  return {
    compose,
    async inspect(service) {
      const { text } = await compose('ps', '-q', ...(await allFlag(composeCommand)), service);
      const id = text.trim().split('\n').at(-1) ?? '';
      const [facts] = JSON.parse((await docker('inspect', id)).text);
      return facts;
    },
  };
}

/** Version 2 lists containers that have ended only when it is asked to, version 1 always and without knowing the option. */
async function allFlag(composeCommand: readonly string[]): Promise<readonly string[]> {
  return composeCommand.length > 1 ? ['-a'] : [];
}

/** @throws Error when the command fails. */
export async function docker(...args: readonly string[]): Promise<Answer> {
  const answer = await finish(run('docker', [...args], { maxBuffer: 64 * 1024 * 1024 }));
  if (answer.code !== 0) throw new Error(`docker ${args.join(' ')}: ${answer.text}`);
  return answer;
}

/** Host process ids, users and names of what runs in a container. */
export async function processesOf(container: string): Promise<readonly { pid: number; uid: number; name: string }[]> {
  const { text } = await docker('top', container, '-eo', 'pid,uid,comm');
  return text
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => {
      const [pid = '', uid = '', name = ''] = line.trim().split(/\s+/);
      return { pid: Number(pid), uid: Number(uid), name };
    });
}

/** Signals a process of the host from a container that shares the host's process ids: `docker kill` would switch restarts off. */
export async function signalProcess(pid: number, signal: 'SIGKILL' | 'SIGUSR1'): Promise<void> {
  // One that has ended meanwhile, because its fellow was killed, is what was wanted.
  const script = `try { process.kill(${pid}, '${signal}') } catch (error) { if (error.code !== 'ESRCH') throw error }`;
  await helper(['--pid=host', '--user=0'], '-e', script);
}

/** Runs a program of this folder inside the network of a container. */
export async function runBeside(container: string, program: string): Promise<void> {
  const mount = `${CHECKOUT}:/checkout:ro`;
  await helper([`--network=container:${container}`, '-v', mount], join('/checkout/tests/compose/programs', program));
}

async function helper(options: readonly string[], ...args: readonly string[]): Promise<void> {
  await docker('run', '--rm', ...options, HELPER_IMAGE, 'node', ...args);
}

async function finish(running: Promise<{ stdout: string; stderr: string }>): Promise<Answer> {
  try {
    const { stdout, stderr } = await running;
    return { code: 0, text: stdout + stderr };
  } catch (error) {
    const { code, stdout = '', stderr = '' } = error as { code?: number; stdout?: string; stderr?: string };
    return { code: typeof code === 'number' ? code : 1, text: stdout + stderr };
  }
}
