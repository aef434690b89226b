export interface Threshold {
  default: number | string
  unit: string
  meaning: string
}

/** Every number of the rules that an installation may want to be another, by the name of its placeholder and of the chart's value. */
export const thresholds = {
  apiAvailabilityObjective: {
    default: 0.999,
    unit: 'ratio',
    meaning: 'Requests that are to be answered without a 5xx.',
  },
  apiLatencyObjective: { default: 0.99, unit: 'ratio', meaning: 'Requests that are to be answered within 0.5 s.' },
  deliveryObjective: {
    default: 0.99,
    unit: 'ratio',
    meaning: 'Events that are to be written to sockets within 0.5 s of being accepted.',
  },
  sloLeastBad: {
    default: 10,
    unit: 'requests or events',
    meaning: 'Fewer bad ones than so many within the window of a burn rate alert no one, whatever their share.',
  },
  restartsPerHour: { default: 3, unit: 'restarts', meaning: 'Restarts of one container within an hour.' },
  eventLoopLagSeconds: {
    default: 0.25,
    unit: 's',
    meaning: 'How late the event loop of a process may be, 99th percentile between two scrapes.',
  },
  poolWaitingRequests: {
    default: 0,
    unit: 'callers',
    meaning: 'Callers of one process that may wait for a connection to PostgreSQL, for 5 minutes without a break.',
  },
  loopErrorsPerMinute: { default: 3, unit: 'failures', meaning: 'Failed turns of one background loop in a minute.' },
  outboxAgeSeconds: { default: 60, unit: 's', meaning: 'Age of the oldest event that the relay has not moved.' },
  kafkaLagSeconds: { default: 60, unit: 's', meaning: 'For how long records on Kafka may wait for a worker.' },
  followFromPostgresqlRatio: {
    default: 0.1,
    unit: 'ratio',
    meaning: 'Share of the events that push may read from PostgreSQL although Kafka carries the log.',
  },
  deadLettersPerHour: {
    default: 0,
    unit: 'dead letters',
    meaning: 'Events and marks that may be given up on within an hour.',
  },
  deadDeliveriesPerHour: {
    default: 20,
    unit: 'deliveries',
    meaning: 'E-mails, SMS or webhooks, each, that may be given up on within an hour.',
  },
  deliveriesWaiting: {
    default: 100,
    unit: 'deliveries',
    meaning: 'E-mails, SMS or webhooks, each, that may wait without becoming fewer.',
  },
  failedDeliveriesRatio: { default: 0.5, unit: 'ratio', meaning: 'Share of the attempts of a channel that may fail.' },
  marksWaiting: { default: 10000, unit: 'marks', meaning: 'Marks of clients that may wait in PostgreSQL.' },
  pushBehindSeconds: {
    default: 60,
    unit: 's',
    meaning: 'How far a push process may be behind the log. A whole number.',
  },
  pushSocketsDroppedRatio: {
    default: 0.5,
    unit: 'ratio',
    meaning: 'Share of the sockets that may go within 15 minutes.',
  },
  pushSocketsLeast: { default: 20, unit: 'sockets', meaning: 'Fewer sockets than so many may all go.' },
  slowClosesPerMinute: { default: 5, unit: 'sockets', meaning: 'Sockets that may be closed in a minute as too slow.' },
  pushBufferedMebibytes: {
    default: 256,
    unit: 'MiB',
    meaning: 'What clients of one push process may have been sent and not read.',
  },
  overdueSeconds: { default: 300, unit: 's', meaning: 'How late a schedule or a deadline of an alert may be.' },
  jobPeriods: { default: 3, unit: 'periods', meaning: 'For how many of its periods a job may be without a success.' },
  jobsIgnored: {
    default: 'none',
    unit: 'job names',
    meaning: 'Jobs that do not run in this installation, with `|` between them: nobody is told that they are late.',
  },
  jobFailures: { default: 2, unit: 'runs', meaning: 'Runs of a job in a row that may fail.' },
  operatorErrorsPerMinute: { default: 1, unit: 'errors', meaning: 'Failed reconciliations in a minute.' },
} satisfies { [name: string]: Threshold }

/** `%name%`; asking for one that is not there is a type error. */
export const threshold = (name: keyof typeof thresholds): string => `%${name}%`

/** The text with every placeholder filled in. @throws when one has no value. */
export function fillIn(text: string, values: { [name: string]: number | string }): string {
  const filled = Object.entries(values).reduce((sum, [name, value]) => sum.replaceAll(`%${name}%`, String(value)), text)
  const [left] = /%[A-Za-z]+%/.exec(filled) ?? []
  if (left) throw new Error(`${left} has no value`)
  return filled
}

export const defaults: { [name: string]: number | string } = Object.fromEntries(
  Object.entries(thresholds).map(([name, { default: value }]) => [name, value]),
)
