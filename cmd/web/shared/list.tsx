import { VisuallyHidden } from '@mantine/core'
import { useInViewport } from '@mantine/hooks'
import { type ReactNode, useEffect, useState } from 'react'
import { Link } from 'wouter'
import classes from './list.module.css'
import { Time } from './time.tsx'

/** What scrolls below the header of a list. */
export const ListBody = ({ children }: { children: ReactNode }) => <div className={classes.body}>{children}</div>

/** More rows come as one scrolls towards them: a thousand at once would take a second. */
const step = 100

/** A part of a list with a name of its own; `children` makes an item a row with a `key`. Nothing when it is empty. */
export function ListSection<T>({
  title,
  items,
  children,
}: {
  title?: string
  items: readonly T[]
  children: (item: T) => ReactNode
}) {
  const [shown, setShown] = useState(step)
  const { ref, inViewport } = useInViewport<HTMLLIElement>()
  const hasMore = shown < items.length
  useEffect(() => {
    if (inViewport && hasMore) setShown(shown + step)
  }, [inViewport, hasMore, shown])
  if (items.length === 0) return null
  return (
    <section className={classes.section} aria-label={title}>
      {title && <h2 className={classes.title}>{title}</h2>}
      <ul className={classes.rows}>
        {items.slice(0, shown).map(children)}
        {hasMore && <li ref={ref} className={classes.end} aria-hidden="true" />}
      </ul>
    </section>
  )
}

export interface RowProps {
  href: string
  /** Whether it is what is open beside the list. */
  current: boolean
  icon: ReactNode
  title: ReactNode
  /** What the title says, where that is not all: beside it, dim. */
  detail?: ReactNode
  line?: ReactNode
  at?: string | undefined
  unread?: number
}

/** A line of a list that leads to something. */
export function Row({ href, current, icon, title, detail, line, at, unread = 0 }: RowProps) {
  return (
    <li className={classes.item}>
      <Link
        href={href}
        className={classes.row!}
        aria-current={current ? 'page' : undefined}
        data-unread={unread > 0 || undefined}
      >
        {icon}
        <span className={classes.text}>
          <span className={classes.first}>
            <span className={classes.name}>
              {title}
              {detail && <span className={classes.detail}> {detail}</span>}
            </span>
            {at && (
              <span className={classes.time}>
                <Time at={at} />
              </span>
            )}
          </span>
          {(line || unread > 0) && (
            <span className={classes.second}>
              <span className={classes.line}>{line}</span>
              {unread > 0 && (
                <span className={classes.count}>
                  {unread > 99 ? '99+' : unread}
                  <VisuallyHidden> unread</VisuallyHidden>
                </span>
              )}
            </span>
          )}
        </span>
      </Link>
    </li>
  )
}
