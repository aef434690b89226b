import type { Migration } from '../migrate.ts'

export const statuses: Migration = {
  name: '005-statuses',
  async up(db) {
    await db.raw(`
      create table statuses (
        account_id bigint primary key references accounts on delete cascade,
        status text not null,
        expires_at timestamptz not null
      );
      create index statuses_expiry on statuses (expires_at);
    `)
  },
}
