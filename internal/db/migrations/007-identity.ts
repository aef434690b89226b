import type { Migration } from '../migrate.ts'

export const identity: Migration = {
  name: '007-identity',
  async up(db) {
    await db.raw(`
      -- totp_secret is encrypted. It is there from the moment that it was shown; totp_enabled says that a first code proved it.
      -- totp_last_step is the time step of the last code that was accepted: older codes and that one are used up.
      alter table accounts
        add column totp_secret bytea,
        add column totp_enabled boolean not null default false,
        add column totp_last_step bigint,
        add check (not totp_enabled or (totp_secret is not null and totp_last_step is not null));

      create table api_keys (
        id bigint generated always as identity primary key,
        account_id bigint not null references accounts on delete cascade,
        key_hash bytea not null unique,
        name text not null,
        scopes text[] not null,
        created_at timestamptz not null,
        expires_at timestamptz,
        -- To the minute: a row is not written on each request.
        last_used_at timestamptz
      );
      create index api_keys_account on api_keys (account_id, id);
      create index api_keys_expiry on api_keys (expires_at) where expires_at is not null;
    `)
  },
}
