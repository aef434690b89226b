import type { Migration } from '../migrate.ts'

export const objectWords: Migration = {
  name: '015-object-words',
  async up(db) {
    await db.raw(String.raw`
      -- A million objects take about 15 s.
      set local statement_timeout = 0;
      -- The parts of the e-mail address and the digits of the phone number, as it was given and with its country code.
      create index objects_words on objects using gin (array_to_tsvector(array_remove(regexp_split_to_array(
        lower(email) || ' ' || regexp_replace(phone_number, '\D', '', 'g') || ' ' || phone_e164, '[^a-z0-9]+'), '')))
        where removed_version is null;
    `)
  },
}
