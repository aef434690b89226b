import { ActionIcon } from '@mantine/core'
import { IconArrowLeft } from '@tabler/icons-react'
import { type ReactNode, useEffect } from 'react'
import { Link } from 'wouter'
import classes from './panes.module.css'

/**
 * A list with what is open of it beside it. Where both do not fit, what is open fills the screen (`open`), else the list.
 * `wide` makes the list wider.
 */
export function Panes({
  list,
  open,
  wide,
  children,
}: {
  list: ReactNode
  open: boolean
  wide?: boolean
  children: ReactNode
}) {
  return (
    <div className={classes.panes} data-open={open} data-wide={wide}>
      <section className={classes.list}>{list}</section>
      <section className={classes.pane}>{children}</section>
    </div>
  )
}

export interface HeaderProps {
  title: ReactNode
  /** The title of the browser's tab; the title when that is text. */
  name?: string
  subtitle?: ReactNode
  /** Where the arrow back leads, on a phone. */
  back?: string
  actions?: ReactNode
  level?: 1 | 2
}

/** The line above a list or a pane. One of a view has level 1 and names the browser's tab. */
export function Header({ title, name, subtitle, back, actions, level = 1 }: HeaderProps) {
  const tab = name ?? (typeof title === 'string' ? title : undefined)
  useEffect(() => {
    if (level === 1 && tab !== undefined) document.title = `${tab} · Belfry`
  }, [level, tab])
  const Heading = level === 1 ? 'h1' : 'h2'
  return (
    <header className={classes.header}>
      {back && (
        <ActionIcon
          component={Link}
          href={back}
          className={classes.back!}
          variant="subtle"
          color="gray"
          size="xl"
          aria-label="Back"
        >
          <IconArrowLeft size={22} />
        </ActionIcon>
      )}
      <div className={classes.titles}>
        <Heading className={classes.heading}>{title}</Heading>
        {subtitle && <p className={classes.subtitle}>{subtitle}</p>}
      </div>
      {actions && <div className={classes.actions}>{actions}</div>}
    </header>
  )
}

/** One page without a list: a header, and what scrolls below it. */
export function Page({ children, narrow, ...header }: HeaderProps & { children: ReactNode; narrow?: boolean }) {
  return (
    <section className={classes.page}>
      <Header {...header} />
      <div className={classes.scroll}>
        <div className={classes.content} data-narrow={narrow}>
          {children}
        </div>
      </div>
    </section>
  )
}
