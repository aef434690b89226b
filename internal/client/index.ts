/** `belfry/client`: the events of an account and the alerts of an inbox, for browsers and for Node 22. See docs/client.md. */
export { type Inbox, type InboxAlert, type InboxOptions, type InboxReceipt, openInbox } from './inbox.ts'
export { openStream, type Stream, type StreamEvent, type StreamOptions } from './stream.ts'
export type { CursorStore, FollowOptions, Phase, Reset, StreamProblem, StreamState } from './types.ts'
export type { Watched } from './watches.ts'
