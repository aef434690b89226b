import type { Migration } from '../migrate.ts'

export const conversations: Migration = {
  name: '006-conversations',
  async up(db) {
    await db.raw(`
      alter table accounts add column who_may_message text not null default 'anyone'
        check (who_may_message in ('anyone', 'friends'));

      -- One row per pair, the smaller id first; accepted_at is null while it is a request.
      create table friendships (
        low_id bigint not null references accounts on delete cascade,
        high_id bigint not null references accounts on delete cascade,
        requested_by bigint not null,
        created_at timestamptz not null,
        accepted_at timestamptz,
        primary key (low_id, high_id),
        check (low_id < high_id)
      );
      create index friendships_high on friendships (high_id);

      create table conversations (
        id bigint generated always as identity primary key,
        kind text not null check (kind in ('topic', 'group', 'direct')),
        name text,
        description text,
        visibility text not null check (visibility in ('public', 'private')),
        members_may_invite boolean not null default false,
        owner_id bigint references accounts,
        -- The two members of a direct conversation, the smaller id first: there is one per pair.
        direct_low bigint references accounts,
        direct_high bigint references accounts,
        last_seq bigint not null default 0,
        members_count int not null default 0,
        last_activity_at timestamptz not null,
        created_at timestamptz not null,
        deleted_at timestamptz,
        unique (direct_low, direct_high),
        check ((kind = 'direct') = (direct_low is not null and direct_high is not null and direct_low < direct_high))
      ) with (fillfactor = 70);
      create index conversations_public_activity on conversations (last_activity_at desc, id desc)
        where kind = 'topic' and visibility = 'public' and deleted_at is null;

      create table members (
        conversation_id bigint not null references conversations on delete cascade,
        account_id bigint not null references accounts on delete cascade,
        joined_at timestamptz not null,
        -- Messages up to here were posted before: they can be read, and count neither as unread nor as to be delivered.
        joined_seq bigint not null,
        read_seq bigint not null,
        -- Own messages after read_seq: never unread.
        own_since_read int not null default 0,
        -- Ranges of seq that one of its clients has confirmed, or that were read.
        delivered int8multirange not null default '{}',
        primary key (conversation_id, account_id)
      ) with (fillfactor = 70);
      create index members_account on members (account_id);

      create table invitations (
        id bigint generated always as identity primary key,
        conversation_id bigint not null references conversations on delete cascade,
        account_id bigint not null references accounts on delete cascade,
        invited_by bigint not null references accounts,
        created_at timestamptz not null,
        unique (conversation_id, account_id)
      );
      create index invitations_account on invitations (account_id, id);

      create table messages (
        id bigint generated always as identity primary key,
        conversation_id bigint not null references conversations on delete cascade,
        -- 1, 2, 3, ... without a gap in its conversation.
        seq bigint not null,
        author_id bigint not null references accounts,
        -- Null once deleted.
        body text,
        reply_to bigint,
        created_at timestamptz not null,
        edited_at timestamptz,
        deleted_at timestamptz,
        search tsvector generated always as (to_tsvector('simple', coalesce(body, ''))) stored,
        unique (conversation_id, seq)
      );
      create index messages_author on messages (author_id, conversation_id, seq);
      create index messages_search on messages using gin (search);

      create table reactions (
        message_id bigint not null references messages on delete cascade,
        emoji text not null,
        account_id bigint not null references accounts on delete cascade,
        created_at timestamptz not null,
        primary key (message_id, emoji, account_id)
      );

      -- When an account's deliveries or reads came how far: messages with after_seq < seq <= up_to_seq at this time. A row per
      -- advance and not per message; rows of one kind do not overlap.
      create table receipts (
        conversation_id bigint not null,
        account_id bigint not null,
        kind text not null check (kind in ('delivered', 'read')),
        after_seq bigint not null,
        up_to_seq bigint not null,
        at timestamptz not null,
        primary key (conversation_id, account_id, kind, up_to_seq)
      );

      -- Push asks for the memberships of an account as of a position: what the relay has not moved yet must count as well.
      create index outbox_memberships on outbox (scope) where event in ('conversation.joined', 'conversation.left');
    `)
  },
}
