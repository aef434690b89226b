import type { Migration } from '../migrate.ts'

export const schedules: Migration = {
  name: '009-schedules',
  async up(db) {
    await db.raw(`
      create table schedules (
        id bigint generated always as identity primary key,
        owner_id bigint not null references accounts on delete cascade,
        name text,
        kind text not null check (kind in ('alert', 'message')),
        -- What to raise or to post.
        content jsonb not null,
        -- Either a time, or an expression with the time zone that it is meant in.
        at timestamptz,
        cron text,
        time_zone text,
        paused boolean not null default false,
        -- The earliest due time that has not been dealt with; null when none comes, or while paused.
        next_at timestamptz,
        last_fired_at timestamptz,
        -- Why the last firing failed; null when it did not.
        last_error text,
        created_at timestamptz not null,
        check ((at is null) = (cron is not null)),
        check ((cron is null) = (time_zone is null)),
        check (not paused or next_at is null)
      );
      create index schedules_due on schedules (next_at) where next_at is not null;
      create index schedules_owner on schedules (owner_id, id);
      create index schedules_alerts on schedules (id) where kind = 'alert';

      -- What became of each due time: a row is what keeps it from firing twice.
      create table schedule_firings (
        schedule_id bigint not null references schedules on delete cascade,
        due_at timestamptz not null,
        outcome text not null check (outcome in ('fired', 'failed', 'skipped')),
        -- Of due times that were skipped in a row: the last of them.
        skipped_until timestamptz,
        error text,
        first_tried_at timestamptz not null,
        tried_at timestamptz not null,
        primary key (schedule_id, due_at)
      );
      create index schedule_firings_tried on schedule_firings (tried_at);
    `)
  },
}
