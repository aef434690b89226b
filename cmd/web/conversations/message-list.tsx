import { ActionIcon } from '@mantine/core'
import { IconArrowDown } from '@tabler/icons-react'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { useLocation } from 'wouter'
import type { Conversation, Message } from '../api/views.ts'
import { Empty } from '../shared/notices.tsx'
import { dayTitle, useNow } from '../shared/time.tsx'
import { certaintyOf, type Marks } from './marks.ts'
import { MessageRow } from './message-row.tsx'
import classes from './messages.module.css'
import type { Row } from './rows.ts'
import type { Timeline } from './timeline.ts'
import { useKeepBottom } from './use-keep-bottom.ts'

/** Rows from the end at which more is loaded. */
const early = 15
const endPx = 80
const settleMs = 200

export interface MessageListProps {
  rows: Row[]
  timeline: Timeline
  kind: Conversation['kind']
  /** The seq that was read when one came; the line above what is new follows it. */
  readBefore: number | undefined
  at: number | undefined
  /** How far the others are; undefined for topics. */
  marks: Marks | undefined
  editing: number | undefined
  onEdit: (id: number | undefined) => void
  onReply: (message: Message) => void
  onOlder: () => void
  onNewer: () => void
  onNewest: () => void
  onSeen: (seq: number) => void
}

/** Any number of messages, of which only those in view are in the page. Stays at the end when it is there. */
export function MessageList(props: MessageListProps) {
  const { rows, timeline, readBefore, at, onOlder, onNewer, onNewest, onSeen } = props
  const now = useNow()
  const scroller = useRef<HTMLDivElement>(null)
  const latest = useRef(rows)
  latest.current = rows
  useKeepBottom(scroller)
  const [atEnd, setAtEnd] = useState(true)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (rows[index]!.startsRun ? 64 : 30),
    getItemKey: (index) => rows[index]!.key,
    anchorTo: 'end',
    followOnAppend: !timeline.newer,
    scrollEndThreshold: endPx,
    overscan: 8,
    paddingEnd: 12,
    paddingStart: 12,
    onChange: (instance) => setAtEnd(instance.isAtEnd(endPx)),
  })
  const items = virtual.getVirtualItems()
  const first = items[0]?.index ?? 0
  const last = items.at(-1)?.index ?? 0

  // A scroll to a row takes some frames, until what is on the way was measured. Rows that come in front meanwhile would make it another row.
  const [isSettling, setSettling] = useState(true)
  const settling = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(settling.current), [])
  const place = useCallback(
    (index: number) => {
      clearTimeout(settling.current)
      setSettling(true)
      settling.current = setTimeout(() => setSettling(false), settleMs)
      if (index >= 0) virtual.scrollToIndex(index, { align: 'center' })
      else virtual.scrollToEnd()
    },
    [virtual],
  )

  // Where one begins: at the message that was asked for, at what is new, or at the end.
  const opened = useRef<number | 'end'>(undefined)
  useLayoutEffect(() => {
    const wanted = at ?? 'end'
    if (rows.length === 0 || opened.current === wanted) return
    const index = at === undefined ? -1 : rows.findIndex(({ message }) => message.seq === at)
    if (at !== undefined && index < 0) return
    opened.current = wanted
    place(index)
  }, [rows, at, place])

  const wantsEnd = useRef(false)
  useLayoutEffect(() => {
    if (!wantsEnd.current || timeline.newer || rows.length === 0) return
    wantsEnd.current = false
    place(-1)
  }, [rows, timeline.newer, place])
  function toNewest() {
    wantsEnd.current = timeline.newer
    if (timeline.newer) onNewest()
    else virtual.scrollToEnd({ behavior: 'smooth' })
  }
  const [, navigate] = useLocation()
  const jump = useCallback(
    (seq: number) => {
      const index = latest.current.findIndex(({ message }) => message.seq === seq)
      if (index >= 0) place(index)
      navigate(`?at=${seq}`, { replace: true })
    },
    [place, navigate],
  )

  useEffect(() => {
    if (!isSettling && timeline.older && first < early) onOlder()
  }, [isSettling, timeline.older, first, onOlder])
  useEffect(() => {
    if (!isSettling && timeline.newer && rows.length > 0 && last > rows.length - early) onNewer()
  }, [isSettling, timeline.newer, last, rows.length, onNewer])

  const newestSeq = rows.findLast(({ message }) => message.seq > 0)?.message.seq
  useEffect(() => {
    if (atEnd && !timeline.newer && newestSeq !== undefined) onSeen(newestSeq)
  }, [atEnd, timeline.newer, newestSeq, onSeen])

  const firstNew = readBefore === undefined ? -1 : rows.findIndex(({ message }) => message.seq > readBefore)
  const away = !atEnd || timeline.newer
  return (
    <div className={classes.list}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by the keyboard */}
      <div className={classes.scroller} ref={scroller} tabIndex={0} role="log" aria-label="Messages" aria-live="polite">
        {rows.length === 0 && <Empty title="No messages yet">Write the first one.</Empty>}
        <div className={classes.space} style={{ height: virtual.getTotalSize() }}>
          <div className={classes.rows} style={{ transform: `translateY(${items[0]?.start ?? 0}px)` }}>
            {items.map(({ index, key }) => {
              const row = rows[index]!
              return (
                <div key={key} ref={virtual.measureElement} data-index={index}>
                  {row.startsDay && (
                    <div className={classes.day}>
                      <span>{dayTitle(new Date(row.message.created_at), now)}</span>
                    </div>
                  )}
                  {index === firstNew && (
                    <div className={classes.new}>
                      <span>New</span>
                    </div>
                  )}
                  <MessageRow
                    message={row.message}
                    outgoing={row.outgoing}
                    startsRun={row.startsRun}
                    certainty={props.marks && certaintyOf(row.message, props.marks)}
                    isTopic={props.kind === 'topic'}
                    isPointedOut={row.message.seq === at}
                    isEdited={props.editing === row.message.id && row.message.id > 0}
                    onEdit={props.onEdit}
                    onReply={props.onReply}
                    onJump={jump}
                  />
                </div>
              )
            })}
          </div>
        </div>
      </div>
      {away && rows.length > 0 && (
        <ActionIcon
          className={classes.down!}
          size={44}
          radius="xl"
          variant="default"
          aria-label="To the newest message"
          onClick={toNewest}
        >
          <IconArrowDown size={22} />
        </ActionIcon>
      )}
    </div>
  )
}
