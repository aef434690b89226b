/*
 * A small sea rescue service, as `belfry demo` makes it. Times are minutes before now.
 */

import { radar } from './radar.ts'

export interface Person {
  username: string
  first_name: string
  last_name: string
  role?: 'dispatcher'
  status?: string
}

/** The first one is admin where the installation has none yet. */
export const people: readonly Person[] = [
  { username: 'mara', first_name: 'Mara', last_name: 'Lindqvist', role: 'dispatcher', status: 'On duty until 22:00' },
  { username: 'jonas', first_name: 'Jonas', last_name: 'Okafor', role: 'dispatcher', status: 'At the radio' },
  { username: 'priya', first_name: 'Priya', last_name: 'Raman', status: 'On boat 3' },
  { username: 'tomas', first_name: 'Tomás', last_name: 'Herrera' },
  { username: 'aiko', first_name: 'Aiko', last_name: 'Watanabe', status: 'On vacation in Tahiti.' },
  { username: 'lena', first_name: 'Lena', last_name: 'Brandt' },
  { username: 'omar', first_name: 'Omar', last_name: 'Haddad', status: 'Fixing the winch' },
  { username: 'zoe', first_name: 'Zoë', last_name: 'Martin' },
]

export interface Post {
  by: string
  /** Minutes before now. */
  ago: number
  text: string
  /** A WebP. */
  image?: Buffer
  /** Emoji and who reacted so. */
  reactions?: Record<string, readonly string[]>
  /** Replies to the post before. */
  reply?: true
}

export interface Topic {
  name: string
  description: string
  visibility: 'public' | 'private'
  /** The first one makes it. */
  members: readonly string[]
  /** Have not answered. */
  invited?: readonly string[]
  posts: readonly Post[]
}

export const topics: readonly Topic[] = [
  {
    name: 'Announcements',
    description: 'What everybody should know.',
    visibility: 'public',
    members: ['mara', 'jonas', 'priya', 'tomas', 'aiko', 'lena', 'omar', 'zoe'],
    posts: [
      {
        by: 'mara',
        ago: 5900,
        text: 'Welcome aboard, Zoë! 👋',
        reactions: { '🎉': ['jonas', 'lena', 'omar'], '❤️': ['zoe'] },
      },
      {
        by: 'mara',
        ago: 2900,
        text: 'The station is open for visitors on Sunday from 10 to 16. Who can show people around?',
      },
      { by: 'lena', ago: 2840, text: 'I can, all day.', reply: true, reactions: { '🙏': ['mara'] } },
      { by: 'mara', ago: 60, text: 'New rosters are up. Please look whether your weekends are right.' },
    ],
  },
  {
    name: 'Weather',
    description: 'Forecasts, gusts and swell.',
    visibility: 'public',
    members: ['jonas', 'mara', 'priya', 'tomas', 'omar'],
    posts: [
      { by: 'jonas', ago: 1500, text: 'Front comes in tonight: gusts of 45 knots from the north-west after 20:00.' },
      {
        by: 'priya',
        ago: 1480,
        text: 'Then we bring boat 2 round to the inner basin.',
        reactions: { '👍': ['jonas', 'mara', 'omar'] },
      },
      { by: 'tomas', ago: 300, text: 'Swell is down to 1.2 m, visibility good.', reactions: { '☀️': ['priya'] } },
    ],
  },
  {
    name: 'Boats and gear',
    description: 'What is broken, what is mended.',
    visibility: 'public',
    members: ['omar', 'priya', 'tomas', 'lena', 'mara'],
    posts: [
      { by: 'omar', ago: 700, text: 'The winch of boat 3 slips under load. Parts are ordered, they come on Thursday.' },
      { by: 'lena', ago: 690, text: 'Do we have a spare from boat 1?', reply: true },
      {
        by: 'omar',
        ago: 655,
        text: 'We had. It is in now and holds 400 kg.',
        reply: true,
        reactions: { '🚀': ['lena', 'priya'], '🎉': ['tomas'] },
      },
    ],
  },
  {
    name: 'Training',
    description: 'Who learns what from whom.',
    visibility: 'public',
    members: ['lena', 'zoe', 'aiko'],
    posts: [
      { by: 'lena', ago: 3100, text: 'Radio certificate: the next examination is on the 12th. Two places are left.' },
      { by: 'zoe', ago: 3080, text: 'One for me, please!', reply: true, reactions: { '✅': ['lena'] } },
    ],
  },
  {
    name: 'Summer party',
    description: 'Not a word to Jonas.',
    visibility: 'private',
    members: ['zoe', 'lena', 'aiko'],
    invited: ['mara'],
    posts: [{ by: 'zoe', ago: 95, text: 'Who can borrow a grill that is larger than a lifeboat?' }],
  },
  {
    name: 'Incident 114',
    description: 'Sailing yacht without engine off the cape.',
    visibility: 'private',
    members: ['jonas', 'mara', 'priya', 'tomas'],
    posts: [
      {
        by: 'jonas',
        ago: 14,
        text: 'Yacht "Heron", 4 people, engine out, drifting towards the cape. Position 2.1 nm WSW of the light.',
      },
      {
        by: 'priya',
        ago: 12,
        text: 'Boat 3 is leaving the harbour, crew of 4.',
        reactions: { '👍': ['jonas', 'mara'] },
      },
      { by: 'tomas', ago: 9, text: 'I have them on radar. They have dropped anchor, it holds for now.', image: radar },
      { by: 'mara', ago: 7, text: 'Does anybody need a doctor?' },
      {
        by: 'priya',
        ago: 5,
        text: 'One of them is cold and wet, nothing worse. Blankets and tea will do.',
        reply: true,
      },
      {
        by: 'priya',
        ago: 2,
        text: 'Line is over. Everybody is well. Back in about 40 minutes.',
        reactions: { '🎉': ['mara', 'jonas', 'tomas'] },
      },
    ],
  },
]

/** Direct messages and groups: the first member begins. */
export const talks: readonly { name?: string; members: readonly string[]; posts: readonly Post[] }[] = [
  {
    members: ['mara', 'jonas'],
    posts: [
      { by: 'mara', ago: 200, text: 'Can you take my radio shift tomorrow morning?' },
      { by: 'jonas', ago: 195, text: 'Yes, if you bring breakfast.', reactions: { '😄': ['mara'] } },
      { by: 'mara', ago: 190, text: 'Deal. 🥐' },
    ],
  },
  {
    members: ['lena', 'mara'],
    posts: [{ by: 'lena', ago: 25, text: 'Could we swap Saturday for Sunday? My sister is in town.' }],
  },
  {
    name: 'Crew of boat 3',
    members: ['priya', 'omar', 'mara'],
    posts: [
      { by: 'mara', ago: 330, text: 'Has anybody seen the second VHF?' },
      {
        by: 'omar',
        ago: 320,
        text: 'On the charger, next to the kettle.',
        reply: true,
        reactions: { '☕': ['mara', 'priya'] },
      },
      { by: 'priya', ago: 44, text: 'Fuel is full, both engines ran for ten minutes.' },
      { by: 'omar', ago: 40, text: 'And the winch holds. We are ready.', reactions: { '👍': ['priya'] } },
    ],
  },
  {
    name: 'Night shift',
    members: ['jonas', 'tomas', 'lena'],
    posts: [
      { by: 'jonas', ago: 480, text: 'Keys are in the new box, the code is the old one backwards.' },
      { by: 'tomas', ago: 470, text: 'Found it. Coffee is on.' },
    ],
  },
]

export interface Alert {
  by: string
  ago: number
  text: string
  severity: 'info' | 'warning' | 'critical'
  /** How many volunteers, or all. */
  to: number | 'all'
  /** Shares of those who have read and acknowledged it. */
  read: number
  acknowledged: number
  /** Minutes from now. */
  acknowledgeWithin?: number
}

export const alerts: readonly Alert[] = [
  {
    by: 'mara',
    ago: 4300,
    text: 'Exercise on Saturday at 9:00. Who comes?',
    severity: 'info',
    to: 'all',
    read: 0.97,
    acknowledged: 0.91,
  },
  {
    by: 'jonas',
    ago: 1490,
    text: 'Gale warning from 20:00. Secure your boats.',
    severity: 'warning',
    to: 'all',
    read: 0.94,
    acknowledged: 0.8,
  },
  {
    ...{ by: 'jonas', ago: 13, text: 'Boat 3 launches now. Second crew to the station.', severity: 'critical', to: 24 },
    ...{ read: 0.7, acknowledged: 0.54, acknowledgeWithin: 30 },
  } as const,
]

const firstNames = ['Anna', 'Ben', 'Carla', 'David', 'Elif', 'Frank', 'Greta', 'Hugo', 'Ines', 'Jakob', 'Kira', 'Luis']
const lastNames = ['Adler', 'Berg', 'Costa', 'Dahl', 'Evans', 'Fischer', 'Garcia', 'Hansen', 'Ito', 'Jensen']

/** Volunteers: the objects that alerts go to. */
export const volunteers = firstNames.flatMap((first, i) =>
  lastNames.map((last, j) => ({
    email: `${first}.${last}@volunteers.example`.toLowerCase(),
    phone_number: `212-555-${String(1000 + i * lastNames.length + j)}`,
  })),
)
