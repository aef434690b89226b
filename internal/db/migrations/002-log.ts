import { ensurePartitions } from '#internal/log/partitions'
import type { Migration } from '../migrate.ts'

export const log: Migration = {
  name: '002-log',
  async up(db) {
    await db.raw(`
      -- Rows live for milliseconds: vacuum early, or index reads wade through the dead.
      create table outbox (
        id bigint generated always as identity primary key,
        scope text not null,
        event text not null,
        at timestamptz not null,
        data json not null,
        traceparent text
      ) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0);

      -- The log. Columns are the outbox's; data is json and not jsonb so that its text goes out as it came in.
      create table events (
        position bigint primary key,
        scope text not null,
        event text not null,
        at timestamptz not null,
        data json not null,
        traceparent text
      ) partition by range (position);
      create index events_scope on events (scope, position);

      create table log_head (
        one boolean primary key default true check (one),
        position bigint not null default 0,
        published bigint not null default 0
      ) with (fillfactor = 10);
      insert into log_head default values;

      create table log_groups (
        name text primary key,
        position bigint not null
      ) with (fillfactor = 10);

      -- Marks on their way from push to worker.
      create table marks (
        id bigint generated always as identity primary key,
        mark json not null
      ) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0);

      create table dead_letters (
        id bigint generated always as identity primary key,
        source text not null,
        position bigint,
        payload json not null,
        error text not null,
        at timestamptz not null default now()
      );
    `)
    await ensurePartitions(db, 0, 2)
  },
}
