import type { Migration } from '../migrate.ts'

export const deliveries: Migration = {
  name: '008-deliveries',
  async up(db) {
    await db.raw(`
      alter table alerts
        add column channels text[] not null default '{inbox}',
        -- The alert whose deadline passed unacknowledged, for one that was raised because of that.
        add column escalates int;

      -- Deadlines to come: the row goes in the transaction of what the deadline causes, so it causes that once.
      create table alert_deadlines (
        alert_id int primary key,
        at timestamptz not null,
        -- Whom a new alert goes to; null to send the same one again to who is missing.
        escalate_to int[]
      );
      create index alert_deadlines_due on alert_deadlines (at, alert_id);
      -- Nobody expects a deadline of the past to cause anything now.
      insert into alert_deadlines (alert_id, at) select id, acknowledge_by from alerts where acknowledge_by > now();

      -- Each sending of an alert to many that a worker spreads out: round 0 is the raise (if it has channels besides the inbox, which
      -- needs no help), the others are resends.
      create table delivery_rounds (
        alert_id int not null,
        round int not null,
        channels text[] not null,
        audience text not null check (audience in ('all', 'missing')),
        -- Whether each object's inbox gets an event too.
        announce boolean not null,
        created_at timestamptz not null,
        -- Every target up to here has its rows.
        after_object_id int not null default 0,
        done_at timestamptz,
        primary key (alert_id, round)
      );
      create index delivery_rounds_open on delivery_rounds (alert_id, round) where done_at is null;

      -- One message to one object by one channel. No foreign keys, as in alert_targets. Rows leave the front of deliveries_due all the
      -- time: vacuum early, or its readers wade through the dead.
      create table deliveries (
        alert_id int not null,
        channel text not null check (channel in ('email', 'sms', 'webhook')),
        object_id int not null,
        round int not null,
        -- 0 goes first.
        priority smallint not null,
        state text not null check (state in ('pending', 'sending', 'sent', 'failed', 'dead')),
        attempts int not null default 0,
        -- When it may be taken for an attempt; while sending: when its worker counts as dead. Null once sent or dead.
        due_at timestamptz,
        sent_at timestamptz,
        error text,
        primary key (alert_id, channel, object_id, round)
      ) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);
      create index deliveries_due on deliveries (channel, priority, due_at) where due_at is not null;
      create index deliveries_state on deliveries (alert_id, state, channel, object_id, round);

      alter table dead_letters
        add column state text not null default 'dead' check (state in ('dead', 'queued', 'replayed')),
        add column replayed_at timestamptz;
      create index dead_letters_state on dead_letters (state, id);
    `)
  },
}
