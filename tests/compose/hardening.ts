// What every container must be, as the engine reports it and as the running process feels it.
import type { Claims } from './claims.ts';
import { type ComposeProject, type ContainerFacts, docker, processesOf } from './engine.ts';

const SECOND_NS = 1_000_000_000;

/** Each a fault in words, or nothing. */
const RULES: readonly ((facts: ContainerFacts) => string | undefined)[] = [
  ({ HostConfig: { Memory, MemorySwap } }) =>
    Memory > 0 && MemorySwap === Memory ? undefined : `memory ${Memory}, with swap ${MemorySwap}`,
  ({ HostConfig: { NanoCpus } }) => (NanoCpus > 0 ? undefined : 'no limit on the processor'),
  ({ HostConfig: { ReadonlyRootfs } }) => (ReadonlyRootfs ? undefined : 'its root can be written'),
  ({ HostConfig: { CapDrop } }) => (CapDrop?.includes('ALL') ? undefined : 'keeps capabilities'),
  ({ HostConfig: { SecurityOpt } }) =>
    SecurityOpt?.some((option) => option.startsWith('no-new-privileges')) ? undefined : 'may gain privileges',
  ({ HostConfig: { RestartPolicy } }) =>
    RestartPolicy.Name === 'unless-stopped' ? undefined : `restart policy ${RestartPolicy.Name}`,
  ({ HostConfig: { LogConfig } }) =>
    LogConfig.Type === 'json-file' && LogConfig.Config['max-size'] === '10m' && LogConfig.Config['max-file'] === '3'
      ? undefined
      : 'its log is not rotated at 10 MB × 3',
  ({ Config: { Healthcheck } }) =>
    Healthcheck?.Interval === 30 * SECOND_NS && Healthcheck.Retries === 3
      ? undefined
      : 'is not asked for its health every 30 s with 3 retries',
  ({ HostConfig: { PortBindings } }) => {
    const open = Object.entries(PortBindings ?? {}).filter(([, hosts]) =>
      hosts.some(({ HostIp }) => HostIp !== '127.0.0.1'),
    );
    return open.length === 0 ? undefined : `listens beyond loopback: ${open.map(([port]) => port).join(', ')}`;
  },
];

export async function checkHardening(
  claims: Claims,
  project: ComposeProject,
  services: readonly string[],
): Promise<void> {
  for (const service of services) {
    const facts = await project.inspect(service);
    await claims.claim(`${service} is limited, read-only, without privileges, on loopback, and looked after`, () => {
      const faults = RULES.flatMap((rule) => rule(facts) ?? []);
      return faults.length === 0 ? undefined : faults.join('; ');
    });
    await claims.claim(`${service} runs as an ordinary user`, async () => {
      // The init of Docker's is the only process of a container that may be root's; with a user set it is not either.
      const roots = (await processesOf(facts.Id)).filter(({ uid }) => uid === 0);
      return roots.length === 0 ? undefined : `${roots.map(({ name }) => name).join(', ')} run as root`;
    });
  }
  await claims.claim('a program in the exporter cannot write to its root', async () => {
    const { Id } = await project.inspect('exporter');
    const denied = await docker('exec', Id, '/bin/bash', '-c', ': > /app/x && echo written').catch(String);
    return String(denied).includes('Read-only file system') ? undefined : `it could: ${JSON.stringify(denied)}`;
  });
}
