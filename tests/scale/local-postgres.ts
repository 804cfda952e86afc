// Where no registry can be reached: PostgreSQL's image built from Debian's package, under the very tag of the compose file.
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { docker } from '../compose/engine.ts';

/** The same user and group as in PostgreSQL's own image, because the compose file names them. */
const DOCKERFILE = `FROM local/debian-base
RUN groupadd --gid 999 postgres && useradd --uid 999 --gid postgres --home-dir /var/lib/postgresql postgres
RUN apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql \\
    && rm -rf /var/lib/apt/lists/* /var/lib/postgresql/* /etc/postgresql && ln -s /usr/lib/postgresql/*/bin/pg_isready /usr/local/bin/ \\
    && install -d -o 999 -g 999 -m 1777 /var/lib/postgresql/data
COPY postgres.sh /usr/local/bin/postgres.sh
USER 999
ENTRYPOINT ["/bin/bash", "/usr/local/bin/postgres.sh"]
CMD ["postgres"]
`;

/** Only on a machine that has the base of such images; elsewhere compose pulls the real one. */
export async function buildLocalPostgres(tag: string): Promise<void> {
  const isThere = (image: string) =>
    docker('image', 'inspect', image).then(
      () => true,
      () => false,
    );
  if ((await isThere(tag)) || !(await isThere('local/debian-base'))) return;
  const folder = mkdtempSync(join(tmpdir(), 'local-postgres-'));
  try {
    writeFileSync(join(folder, 'Dockerfile'), DOCKERFILE);
    copyFileSync(join(import.meta.dirname, 'images', 'postgres.sh'), join(folder, 'postgres.sh'));
    await docker('build', '--network=host', '-q', '-t', tag, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
