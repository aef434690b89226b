import type { Migration } from '../migrate.ts'

export const idempotency: Migration = {
  name: '004-idempotency',
  async up(db) {
    await db.raw(`
      -- The first 2xx of each key, stored in the transaction of the write itself.
      create table idempotency_keys (
        account_id bigint not null references accounts on delete cascade,
        key text not null,
        fingerprint bytea not null,
        status int not null,
        body json not null,
        created_at timestamptz not null,
        primary key (account_id, key)
      );
      create index idempotency_keys_age on idempotency_keys (created_at);
    `)
  },
}
