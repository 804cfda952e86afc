// Who makes the commits of a test.
/** What makes git take `person` (`Name <address>`) for author and committer, whatever the machine's own settings are. */
export function identityOf(person: string): Readonly<Record<string, string>> {
  const [, name = '', address = ''] = /^(.+) <(.+)>$/.exec(person) ?? [];
  return {
    GIT_AUTHOR_NAME: name,
    GIT_AUTHOR_EMAIL: address,
    GIT_COMMITTER_NAME: name,
    GIT_COMMITTER_EMAIL: address,
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
  };
}
