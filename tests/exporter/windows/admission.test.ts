import t from 'tap';
import { epochMs, usd } from '../../../common/brands.ts';
import { MAX_LIQUIDATION_USD } from '../../../exporter/events.ts';
import { type Admission, admit, rejectReasonOf } from '../../../exporter/windows/admission.ts';
import { START } from './liquidations.ts';

const cases: readonly (readonly [title: string, ageMs: number, notionalUsd: number, expected: Admission])[] = [
  ['an event of this moment is admitted', 0, 1, 'admit'],
  ['one of exactly ten seconds ago is admitted', 10_000, 1, 'admit'],
  ['one a millisecond older is late', 10_001, 1, 'late'],
  ['one of eight minutes ago is late', 480_000, 1, 'late'],
  ['one two seconds ahead is admitted', -2_000, 1, 'admit'],
  ['one a millisecond further ahead is from the future', -2_001, 1, 'future'],
  ['ten billion dollars are admitted', 0, MAX_LIQUIDATION_USD, 'admit'],
  ['a dollar more is absurd', 0, MAX_LIQUIDATION_USD + 1, 'absurd'],
  ['absurd goes before late', 20_000, 1e300, 'absurd'],
];

for (const [title, ageMs, notionalUsd, expected] of cases) {
  t.test(title, (t) => {
    const decision = admit({
      time: epochMs(START),
      receiveTime: epochMs(START + ageMs),
      notionalUsd: usd(notionalUsd),
    });
    t.equal(decision, expected);
    t.end();
  });
}

t.test('only what is kept nowhere is a reject', (t) => {
  t.equal(rejectReasonOf('future'), 'future_event');
  t.equal(rejectReasonOf('absurd'), 'invalid_field');
  t.equal(rejectReasonOf('admit'), undefined);
  t.equal(rejectReasonOf('late'), undefined);
  t.end();
});
