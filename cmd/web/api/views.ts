// Made from the OpenAPI document by `npm run generate:web`; do not edit.

export interface Problem {
  type: string
  title: string
  status: number
  /** Stable; programs tell problems apart by it. */
  code: string
  detail: string
  request_id: string
  errors?: {
    path: string
    message: string
  }[]
}

export interface Account {
  id: number
  username: string
  role: 'admin' | 'dispatcher' | 'member'
  first_name: string | null
  last_name: string | null
  twitter_username: string | null
  created_at: string
  /** Only for the account itself and for admins. */
  email?: string | null
  /** Only for admins. */
  disabled?: boolean
  /** Only for admins. */
  totp_enabled?: boolean
}

export interface Me {
  id: number
  username: string
  role: 'admin' | 'dispatcher' | 'member'
  first_name: string | null
  last_name: string | null
  twitter_username: string | null
  created_at: string
  email: string | null
  /** Who may start a direct conversation with the account. */
  who_may_message: 'anyone' | 'friends'
  /** Whether logging in asks for a code. */
  totp_enabled: boolean
}

export interface TotpSecret {
  /** Base32, shown this once. */
  secret: string
  /** The same for a QR code. */
  otpauth_url: string
}

export interface Login {
  /** 64 hex digits, shown this once. */
  token: string
  expires_at: string
  account: Me
}

export interface Session {
  id: number
  created_at: string
  expires_at: string
  address: string | null
  user_agent: string | null
  /** Whether this request was made with it. */
  current: boolean
}

export interface Ticket {
  ticket: string
  expires_at: string
}

export interface NewApiKey {
  id: number
  name: string
  scopes: ('all' | 'read' | 'messages' | 'objects' | 'alerts' | 'accounts' | 'stream')[]
  expires_at: string | null
  created_at: string
  /** To the minute. */
  last_used_at: string | null
  /** `bk_` and 64 hex digits, shown this once. */
  key: string
}

export interface ApiKey {
  id: number
  name: string
  scopes: ('all' | 'read' | 'messages' | 'objects' | 'alerts' | 'accounts' | 'stream')[]
  expires_at: string | null
  created_at: string
  /** To the minute. */
  last_used_at: string | null
}

export interface Status {
  status: string | null
  expires_at: string | null
}

export interface Friend {
  username: string
  first_name: string | null
  last_name: string | null
  /** `requested` by you, `asked` by the other. */
  state: 'friend' | 'requested' | 'asked'
  /** When it was asked, or became a friendship. */
  since: string
}

export interface Topic {
  id: number
  name: string
  description: string | null
  /** public: every account reads it. private: members only, who join by invitation. */
  visibility: 'public' | 'private'
  /** Username; null when everybody has left. */
  owner: string | null
  members_may_invite: boolean
  members_count: number
  last_activity_at: string
  created_at: string
  /** Whether you are a member. */
  joined: boolean
}

export interface Member {
  username: string
  first_name: string | null
  last_name: string | null
  joined_at: string
}

export interface Invitation {
  id: number
  topic: {
    id: number
    name: string
  }
  /** Who is invited. */
  username: string
  invited_by: string
  created_at: string
}

export interface Conversation {
  id: number
  kind: 'topic' | 'group' | 'direct'
  name: string | null
  visibility: 'public' | 'private'
  /** Usernames; not for topics, which have a list of their own. */
  members?: string[]
  last_message: Message | null
  last_activity_at: string
  unread_count: number
  /** You have read the messages up to this seq. */
  read_seq: number
}

export interface Message {
  id: number
  conversation_id: number
  /** 1, 2, 3, ... without a gap in its conversation. */
  seq: number
  /** Username. */
  author: string
  /** null once deleted. */
  body: string | null
  reply_to: number | null
  attachments: Attachment[]
  reactions: {
    emoji: string
    count: number
    mine: boolean
  }[]
  created_at: string
  edited_at: string | null
  deleted_at: string | null
}

export interface Attachment {
  id: number
  media_type: 'image/gif' | 'image/png' | 'image/jpeg' | 'image/webp'
  /** Bytes. */
  size: number
  /** Pixels, as the image is shown. */
  width: number
  height: number
  created_at: string
}

export interface ConversationReceipts {
  items: {
    username: string
    /** It got the messages after this one. */
    joined_seq: number
    /** It has read, and so got, those up to this one. */
    read_seq: number
    /** It got those with after_seq < seq <= up_to_seq. */
    delivered: {
      after_seq: number
      up_to_seq: number
    }[]
  }[]
}

export interface FoundMessage {
  id: number
  conversation_id: number
  /** 1, 2, 3, ... without a gap in its conversation. */
  seq: number
  /** Username. */
  author: string
  /** null once deleted. */
  body: string | null
  reply_to: number | null
  attachments: Attachment[]
  reactions: {
    emoji: string
    count: number
    mine: boolean
  }[]
  created_at: string
  edited_at: string | null
  deleted_at: string | null
  conversation: {
    id: number
    kind: 'topic' | 'group' | 'direct'
    name: string | null
  }
  /** Plain text around the words that match, each between U+E000 and U+E001. */
  snippet: string
}

export interface Object {
  id: number
  email: string
  /** As it was given. */
  phone_number: string
  phone_e164: string
  created_at: string
}

export interface Import {
  created: number
  /** Those that an object, or one before them, has already: the same email and number. */
  duplicates: number
  bad: {
    /** Place in `objects`, from 0. */
    index: number
    problem: string
  }[]
}

export interface Alert {
  id: number
  text: string
  severity: 'info' | 'warning' | 'critical'
  alert_all: boolean
  number_of_objects_receiving_alert: number
  acknowledge_by: string | null
  /** `inbox` first. */
  channels: ('inbox' | 'email' | 'sms' | 'webhook')[]
  /** The alert that was not acknowledged in time, where this one is about that. */
  escalates: number | null
  created_at: string
  /** Username; of an AlertSchedule in Kubernetes `alertschedule/` and its name. */
  raised_by: string
}

export interface RollCall {
  /** Of the whole alert. Acknowledged implies read, read implies delivered. */
  counts: {
    targeted: number
    delivered: number
    read: number
    acknowledged: number
  }
  items: {
    object_id: number
    /** null for an object that was removed. */
    email: string | null
    delivered_at: string | null
    read_at: string | null
    acknowledged_at: string | null
  }[]
  /** `after` of the next page, or null. */
  next: string | null
}

export interface Resend {
  alert_id: number
  /** 1 for the first resend of the alert. */
  round: number
  to: 'missing' | 'all'
  created_at: string
}

export interface Deliveries {
  /** Of the whole alert, for each of its channels. */
  counts: {
    channel: 'email' | 'sms' | 'webhook'
    pending: number
    sending: number
    sent: number
    failed: number
    dead: number
  }[]
  /** false while there are objects that the counts do not have yet. */
  complete: boolean
  items: {
    object_id: number
    channel: 'email' | 'sms' | 'webhook'
    /** 0 for the raise, 1 for the first resend. */
    round: number
    /** The object's address or number now; null by webhook and for one that was removed. */
    to: string | null
    /** failed: another attempt comes; dead: none comes. */
    state: 'pending' | 'sending' | 'sent' | 'failed' | 'dead'
    attempts: number
    next_attempt_at: string | null
    sent_at: string | null
    /** Why the last attempt failed. */
    error: string | null
  }[]
  /** `after` of the next page, or null. */
  next: string | null
}

export interface InboxItem {
  /** The alert's. */
  id: number
  text: string
  severity: 'info' | 'warning' | 'critical'
  created_at: string
  /** Place in the log; null in the moment before it has one and after retention. */
  position: number | null
  delivered_at: string | null
  read_at: string | null
  acknowledged_at: string | null
}

export interface Schedule {
  id: number
  /** Username. */
  owner: string
  name: string | null
  at: string | null
  cron: string | null
  time_zone: string | null
  alert: {
    text: string
    /**
     * Duplicates count once, unknown ones are left out.
     *
     * @maxItems 10000
     */
    object_ids: number[]
    /** To every object there is; `object_ids` are then ignored. */
    alert_all: boolean
    severity: 'info' | 'warning' | 'critical'
    /**
     * Objects that get an alert of their own instead when somebody has not acknowledged by then.
     *
     * @minItems 1
     * @maxItems 10000
     */
    escalate_to?: number[]
    /**
     * Ways to reach the objects. `inbox` is always one of them; the others must be configured.
     *
     * @maxItems 20
     */
    channels: ('inbox' | 'email' | 'sms' | 'webhook')[]
    /** Sets `acknowledge_by` of each alert, counted from when it is raised. */
    acknowledge_within_minutes?: number
  } | null
  message: {
    conversation_id: number
    body: string
  } | null
  paused: boolean
  /** null when no time comes, or while paused. */
  next_at: string | null
  last_fired_at: string | null
  /** Why the last firing failed; null when it did not. */
  last_error: string | null
  created_at: string
}

export interface Feed {
  /** The newest first. */
  items: FeedItem[]
  sources: {
    kind: 'x' | 'rss' | 'mastodon'
    configured: boolean
    /** What is missing or failing; null when nothing is. */
    detail: string | null
  }[]
}

export interface FeedItem {
  /** Username of who linked the profile. */
  account: string
  source: 'x' | 'rss' | 'mastodon'
  author: string
  /** Plain text, written by others: escape it. */
  text: string
  url: string | null
  published_at: string
}

export interface Profile {
  id: number
  kind: 'x' | 'rss' | 'mastodon'
  address: string
  last_fetched_at: string | null
  /** Why the last fetch failed; null when it did not. */
  last_error: string | null
}

export interface Event {
  /** Place in the log. */
  position: number
  /** Who sees it, e.g. `conversation:7`. */
  scope: string
  /** What happened, e.g. `message.posted`. */
  event: string
  at: string
  data: {
    [k: string]: unknown
  }
}

export interface DeadLetter {
  id: number
  /** `delivery:` and a channel, `marks`, or the name of a consumer group. */
  source: string
  state: 'dead' | 'queued' | 'replayed'
  /** Why it was given up. */
  error: string
  at: string
  replayed_at: string | null
  /** What it stands for: ids and positions, never a text. */
  reference: {
    [k: string]: string | number | null
  }
}

export interface About {
  /** Whether anybody may register an account. */
  registration: 'open' | 'closed'
  /** Characters. */
  password_min_length: number
  /** Only for admins. */
  version?: string
  /** Where the dashboards are. Only for admins. */
  grafana_url?: string | null
}
