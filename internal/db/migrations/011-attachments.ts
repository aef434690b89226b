import type { Migration } from '../migrate.ts'

export const attachments: Migration = {
  name: '011-attachments',
  async up(db) {
    await db.raw(`
      -- Conversations, messages and accounts that have attachments are never deleted as rows: nothing takes a row away here without
      -- its content.
      create table attachments (
        id bigint generated always as identity primary key,
        conversation_id bigint not null references conversations,
        uploader_id bigint not null references accounts,
        -- Null until a message names it.
        message_id bigint references messages,
        -- Place among the attachments of the message.
        place smallint,
        media_type text not null,
        size int not null,
        width int not null,
        height int not null,
        -- Where the content is in an S3-compatible storage; null where it is in attachment_contents.
        object_key text unique,
        created_at timestamptz not null
      );
      create index attachments_message on attachments (message_id) where message_id is not null;
      create index attachments_unattached on attachments (uploader_id) where message_id is null;
      create index attachments_unattached_age on attachments (created_at) where message_id is null;

      create table attachment_contents (
        attachment_id bigint primary key references attachments on delete cascade,
        bytes bytea not null
      );
      -- Images are compressed already; and only what is stored as it is can be read in pieces.
      alter table attachment_contents alter column bytes set storage external;

      -- Objects to remove from the S3-compatible storage. A key is here before its object is stored and leaves in the transaction
      -- that makes the attachment; it comes back in the one that removes the attachment. So no object is forgotten.
      create table attachment_removals (
        object_key text primary key,
        due_at timestamptz not null
      );
      create index attachment_removals_due on attachment_removals (due_at);
    `)
  },
}
