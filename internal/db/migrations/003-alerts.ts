import type { Migration } from '../migrate.ts'

export const alerts: Migration = {
  name: '003-alerts',
  async up(db) {
    await db.raw(`
      -- The state of the directory of objects as one row. Each creation and removal takes the next version, so "the objects at the
      -- time of this alert" is a version, exact and of constant size.
      create table object_directory (
        one boolean primary key default true check (one),
        version bigint not null default 0,
        total int not null default 0
      ) with (fillfactor = 10);
      insert into object_directory default values;

      -- A removed object keeps its number, for the roll-calls that it is part of, and nothing else.
      create table objects (
        id int generated always as identity primary key,
        email text,
        phone_number text,
        phone_e164 text,
        created_at timestamptz not null,
        created_version bigint not null,
        removed_version bigint
      );
      create index objects_present on objects (id) where removed_version is null;

      -- The secret that opens one object's inbox; at most one at a time.
      create table inbox_tokens (
        id bigint generated always as identity primary key,
        object_id int not null unique references objects on delete cascade,
        token_hash bytea not null unique,
        created_at timestamptz not null
      );

      create table alerts (
        id int generated always as identity primary key,
        text text not null,
        severity text not null check (severity in ('info', 'warning', 'critical')),
        alert_all boolean not null,
        number_of_objects_receiving_alert int not null,
        -- For alert_all: the version of the directory that was alerted.
        directory_version bigint,
        -- For alert_all: the newest object then; where a walk over the targets can end.
        last_object_id int,
        acknowledge_by timestamptz,
        raised_by text not null,
        created_at timestamptz not null
      );

      -- The objects of an alert that lists them. Neither here nor in alert_receipts is there a foreign key: alerts and objects are
      -- never deleted, and checking each of many thousand rows would double the time of a write.
      create table alert_targets (
        alert_id int not null,
        object_id int not null,
        primary key (alert_id, object_id)
      );

      -- A row appears when an alert is delivered. Read implies delivered, acknowledged implies read.
      create table alert_receipts (
        alert_id int not null,
        object_id int not null,
        delivered_at timestamptz not null,
        read_at timestamptz,
        acknowledged_at timestamptz,
        primary key (alert_id, object_id)
      );
      -- A page of the few who have read must not walk past the many who have not.
      create index alert_receipts_read on alert_receipts (alert_id, object_id) where read_at is not null;
      create index alert_receipts_acknowledged on alert_receipts (alert_id, object_id) where acknowledged_at is not null;

      -- Counts of the roll-call, moved together with the receipts. "changed" asks for an event with the new counts.
      create table alert_tallies (
        alert_id int primary key references alerts on delete cascade,
        delivered int not null default 0,
        read int not null default 0,
        acknowledged int not null default 0,
        changed boolean not null default false
      ) with (fillfactor = 50);
      create index alert_tallies_changed on alert_tallies (alert_id) where changed;

      -- Up to which position of the log an object's own client has its inbox.
      create table inbox_marks (
        object_id int primary key references objects on delete cascade,
        position bigint not null
      ) with (fillfactor = 50);

      create view object_alerts as
        select t.alert_id, t.object_id from alert_targets t
        union all
        select a.id, o.id from alerts a join objects o
          on o.created_version <= a.directory_version
          and (o.removed_version is null or o.removed_version > a.directory_version)
        where a.alert_all;
    `)
  },
}
