import t from 'tap';
import { AppError } from '../../common/errors.ts';
import { createLogger, maskSecrets } from '../../common/logger.ts';

// Put together here, so that no scanner takes a line of this file for a real one.
const TOKEN = ['123456789', 'test-token-of-no-use-to-anybody'].join(':');

function capture(level = 'INFO') {
  const lines: string[] = [];
  const logger = createLogger('exporter', level, { write: (line: string) => void lines.push(line) });
  return { logger, lines };
}

t.test('writes one JSON line with level, time and service', async (t) => {
  const { logger, lines } = capture();

  logger.info({ exchange: 'okx' }, 'feed connected');

  t.equal(lines.length, 1);
  t.match(JSON.parse(lines[0] ?? ''), {
    level: 'info',
    service: 'exporter',
    exchange: 'okx',
    msg: 'feed connected',
    time: /^\d{4}-\d\d-\d\dT/,
  });
});

t.test('takes its level in any case', async (t) => {
  const { logger, lines } = capture('Warn');

  logger.info('left out');
  logger.warn('kept');

  t.equal(lines.length, 1);
});

t.test('no field that holds a secret is written', async (t) => {
  const { logger, lines } = capture();

  logger.info({ token: TOKEN, password: TOKEN, secret: TOKEN, authorization: TOKEN }, 'one level');
  logger.info({ config: { token: TOKEN, secret: TOKEN, password: TOKEN } }, 'two levels');
  logger.info({ headers: { authorization: TOKEN }, request: { headers: { authorization: TOKEN } } }, 'headers');

  t.equal(lines.length, 3);
  t.notMatch(lines.join(), TOKEN);
  t.match(lines.join(), '<secret>');
});

t.test('no error carries a bot token, in its text, its stack or its cause', async (t) => {
  const { logger, lines } = capture();
  const cause = new Error(`GET https://api.telegram.org/bot${TOKEN}/getMe failed`);

  logger.error({ err: new AppError('TG_UNREACHABLE', `token ${TOKEN}`, { cause }) }, 'send failed');
  logger.error({ err: `thrown text ${TOKEN}` }, 'send failed');

  t.notMatch(lines.join(), TOKEN);
  t.match(JSON.parse(lines[0] ?? '').err, { name: 'AppError', code: 'TG_UNREACHABLE', message: 'token bot<secret>' });
  t.match(JSON.parse(lines[0] ?? '').err.cause.message, 'https://api.telegram.org/bot<secret>/getMe failed');
});

t.test('masks tokens and leaves everything else alone', async (t) => {
  t.equal(maskSecrets(`/bot${TOKEN}/sendMessage`), '/bot<secret>/sendMessage');
  t.equal(maskSecrets('12:34:56 and 127.0.0.1:8002'), '12:34:56 and 127.0.0.1:8002');
});

t.test('writes to standard output when it is told of no other place', async (t) => {
  t.equal(createLogger('exporter', 'silent').level, 'silent');
});
