import type { Migration } from '../migrate.ts'

export const alertKeys: Migration = {
  name: '014-alert-keys',
  async up(db) {
    await db.raw(`
      -- What has raised an alert and must not raise another: the due time of a schedule that is kept outside.
      create table alert_keys (
        key text primary key,
        -- Null only within the transaction that raises it.
        alert_id int references alerts on delete cascade,
        created_at timestamptz not null
      );
      create index alert_keys_age on alert_keys (created_at);
    `)
  },
}
