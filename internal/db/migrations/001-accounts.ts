import type { Migration } from '../migrate.ts'

export const accounts: Migration = {
  name: '001-accounts',
  async up(db) {
    await db.raw(`
      create table accounts (
        id bigint generated always as identity primary key,
        username text not null,
        email text,
        role text not null check (role in ('admin', 'dispatcher', 'member')),
        password_hash text not null,
        first_name text,
        last_name text,
        twitter_username text,
        disabled_at timestamptz,
        created_at timestamptz not null
      );
      create unique index accounts_username on accounts (lower(username));
      create unique index accounts_email on accounts (lower(email));

      -- One row: whether the first account, which becomes admin, has been made.
      create table installation (
        one boolean primary key default true check (one),
        has_admin boolean not null default false
      );
      insert into installation default values;

      create table sessions (
        id bigint generated always as identity primary key,
        account_id bigint not null references accounts on delete cascade,
        token_hash bytea not null unique,
        created_at timestamptz not null,
        expires_at timestamptz not null,
        address text,
        user_agent text
      );
      create index sessions_account on sessions (account_id);
      create index sessions_expiry on sessions (expires_at);

      -- Tickets open one WebSocket for clients that cannot send headers.
      create table stream_tickets (
        token_hash bytea primary key,
        session_id bigint not null references sessions on delete cascade,
        expires_at timestamptz not null
      );

      -- rate-limiter-flexible's own layout: points are failed logins, expire is in milliseconds.
      create table login_failures (
        key varchar(255) primary key,
        points integer not null default 0,
        expire bigint
      );
    `)
  },
}
