/** Those of charts/belfry/files/dashboards. */
export const dashboards = [
  { uid: 'belfry-overview', title: 'Overview', about: 'Whether the objectives are met, and what is wrong if not' },
  { uid: 'belfry-api', title: 'API', about: 'Rate, errors and duration of requests' },
  { uid: 'belfry-pipeline', title: 'Pipeline', about: 'Outbox, relay, dead letters, e-mail, SMS and webhooks' },
  { uid: 'belfry-push', title: 'Push', about: 'Open connections, and how soon events reach them' },
  {
    uid: 'belfry-scheduler-operator',
    title: 'Scheduler and operator',
    about: 'When jobs last succeeded, what is overdue',
  },
]
