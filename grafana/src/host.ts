// The dashboard Host and services: the machine, the ways to the venues, and the existing services as seen from outside.
import { buildDashboard } from './dashboard.ts';
import { stat, timeseries } from './panel.ts';

const SERVICE = 'job="probe-service"';
const ROUTE = 'job="probe-route"';

export const host = () =>
  buildDashboard({
    uid: 'derivatives-host',
    title: 'Host and services',
    description:
      'From node exporter and blackbox exporter: profile full of the compose file. Empty where they do not run.',
    from: 'now-6h',
    marks: 'alertname=~"Host.+|Existing.+|Route.+"',
    rows: [
      {
        title: 'Now',
        panels: [
          stat({
            title: 'Processor',
            description: 'Busy share of all cores over 5 minutes. An alert comes above 80 %.',
            unit: 'percentunit',
            queries: [{ expr: 'host:cpu_busy:ratio', legend: 'busy' }],
            width: 6,
            badFrom: [0.7, 0.8],
          }),
          stat({
            title: 'Memory',
            description: 'Used share. An alert comes above 85 %.',
            unit: 'percentunit',
            queries: [{ expr: 'host:memory_used:ratio', legend: 'used' }],
            width: 6,
            badFrom: [0.75, 0.85],
          }),
          stat({
            title: 'Fullest filesystem',
            description: 'Used share. Alerts come above 80 % and 90 %.',
            unit: 'percentunit',
            queries: [{ expr: 'max(mountpoint:filesystem_used:ratio)', legend: 'used' }],
            width: 6,
            badFrom: [0.8, 0.9],
          }),
          stat({
            title: 'Existing services that answer',
            description: 'Share of those named in docker/existing-services. Empty without docker-compose.existing.yml.',
            unit: 'percentunit',
            queries: [{ expr: `avg(max by (instance) (probe_success{${SERVICE}}))`, legend: 'answer' }],
            width: 6,
            goodFrom: [0.5, 1],
            empty: 'none watched',
          }),
        ],
      },
      {
        title: 'Machine',
        panels: [
          timeseries({
            title: 'Processor by use',
            description: 'Share of all cores.',
            unit: 'percentunit',
            queries: [
              {
                expr: 'avg by (mode) (rate(node_cpu_seconds_total{mode!~"idle|guest.*"}[$__rate_interval]))',
                legend: '{{mode}}',
              },
              { expr: 'vector(0.8)', legend: 'limit' },
            ],
            width: 12,
            isStacked: true,
          }),
          timeseries({
            title: 'Memory',
            description: 'Total, and what programs can still have.',
            unit: 'bytes',
            queries: [
              { expr: 'max(node_memory_MemTotal_bytes)', legend: 'total' },
              { expr: 'max(node_memory_MemAvailable_bytes)', legend: 'available' },
            ],
            width: 12,
          }),
          timeseries({
            title: 'Filesystems',
            description: 'Used share of each.',
            unit: 'percentunit',
            queries: [
              { expr: 'mountpoint:filesystem_used:ratio', legend: '{{mountpoint}}' },
              { expr: 'vector(0.9)', legend: 'limit' },
            ],
            width: 12,
          }),
          timeseries({
            title: 'Disks',
            description: 'Bytes written and read per second.',
            unit: 'Bps',
            queries: [
              { expr: 'sum(rate(node_disk_written_bytes_total[$__rate_interval]))', legend: 'written' },
              { expr: 'sum(rate(node_disk_read_bytes_total[$__rate_interval]))', legend: 'read' },
            ],
            width: 12,
          }),
        ],
      },
      {
        title: 'Existing services',
        panels: [
          timeseries({
            title: 'Time to answer',
            description: 'Mean of 5 minutes. An alert comes above one second, or above twice what is usual.',
            unit: 's',
            queries: [
              { expr: 'service:probe_duration_seconds:recent', legend: '{{instance}}' },
              { expr: '2 * service:probe_duration_seconds:baseline', legend: 'limit {{instance}}' },
            ],
            width: 12,
            empty: 'none watched',
          }),
          timeseries({
            title: 'Failed probes',
            description: 'Share of the last 15 minutes. The target is 1 %, an alert comes above 5 %.',
            unit: 'percentunit',
            queries: [
              { expr: 'service:probe_error:ratio', legend: '{{instance}}' },
              { expr: 'vector(0.05)', legend: 'limit' },
            ],
            width: 12,
            empty: 'none watched',
          }),
        ],
      },
      {
        title: 'Routes to the venues and to Telegram',
        panels: [
          timeseries({
            title: 'Name lookup, connection and TLS handshake',
            description: 'How long one takes, once a minute.',
            unit: 's',
            queries: [
              { expr: `max by (route) (probe_duration_seconds{${ROUTE}})`, legend: '{{route}}' },
              { expr: 'vector(1)', legend: 'limit' },
            ],
            width: 12,
          }),
          timeseries({
            title: 'Reached',
            description: '1 where the handshake came about.',
            unit: 'none',
            queries: [{ expr: `max by (route) (probe_success{${ROUTE}})`, legend: '{{route}}' }],
            width: 12,
          }),
        ],
      },
    ],
  });
