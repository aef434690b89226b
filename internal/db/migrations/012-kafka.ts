import type { Migration } from '../migrate.ts'

export const kafka: Migration = {
  name: '012-kafka',
  async up(db) {
    await db.raw(`
      -- One row for each partition of the topic of events: position of the last event that is on it.
      create table log_partitions (
        partition integer primary key,
        position bigint not null
      ) with (fillfactor = 10);

      -- Up to where a consumer group has handled the events of a partition.
      create table log_group_partitions (
        name text not null,
        partition integer not null,
        position bigint not null,
        primary key (name, partition)
      ) with (fillfactor = 10);
    `)
  },
}
