import type { Migration } from '../migrate.ts'

export const feed: Migration = {
  name: '010-feed',
  async up(db) {
    await db.raw(`
      -- A profile elsewhere, fetched once however many accounts have linked it.
      create table profiles (
        id bigint generated always as identity primary key,
        kind text not null check (kind in ('x', 'rss', 'mastodon')),
        -- x: the name in small letters; rss: the URL; mastodon: user@host.
        address text not null,
        created_at timestamptz not null,
        next_fetch_at timestamptz not null,
        -- While a scheduler fetches it: when that one counts as dead.
        leased_until timestamptz,
        -- Fetches that failed since the last that did not.
        failures int not null default 0,
        last_fetched_at timestamptz,
        last_error text,
        -- The provider's own number for the profile.
        remote_id text,
        -- For conditional requests.
        etag text,
        last_modified text,
        unique (kind, address)
      );
      create index profiles_due on profiles (next_fetch_at);

      create table profile_links (
        account_id bigint not null references accounts on delete cascade,
        profile_id bigint not null references profiles,
        linked_at timestamptz not null,
        primary key (account_id, profile_id)
      );
      create index profile_links_profile on profile_links (profile_id);

      -- Who has which profile: links, and for X the name in the account.
      create index accounts_twitter on accounts (lower(twitter_username)) where twitter_username is not null;
      create view profile_owners as
        select account_id, profile_id from profile_links
        union all
        select a.id, p.id from accounts a join profiles p on p.kind = 'x' and p.address = lower(a.twitter_username);

      create table feed_items (
        id bigint generated always as identity primary key,
        profile_id bigint not null references profiles on delete cascade,
        -- The provider's own name for the post.
        external_id text not null,
        author text not null,
        text text not null,
        url text,
        published_at timestamptz not null,
        unique (profile_id, external_id)
      );
      create index feed_items_newest on feed_items (published_at desc, id desc);
    `)
  },
}
