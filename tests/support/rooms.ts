/** The folders at the root that hold code of the product. `bench` and `tests` hold the rest. */
export const PRODUCT_ROOMS: readonly string[] = [
  'common',
  'exporter',
  'alert-bridge',
  'engines',
  'supervisor',
  'operations',
  'backtest',
  'simulators',
];
