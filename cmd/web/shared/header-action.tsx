import { ActionIcon } from '@mantine/core'
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import classes from './header-action.module.css'

/** A button with an icon in a header; a link where it has an `href`. The label shows when one points at it. */
export function HeaderAction({
  label,
  icon,
  ...to
}: { label: string; icon: ReactNode } & ({ href: string } | { onClick: () => void })) {
  const look = {
    variant: 'subtle',
    color: 'gray',
    size: 44,
    title: label,
    'aria-label': label,
    className: classes.action!,
  } as const
  if ('onClick' in to)
    return (
      <ActionIcon onClick={to.onClick} {...look}>
        {icon}
      </ActionIcon>
    )
  return (
    <ActionIcon component={Link} href={to.href} {...look}>
      {icon}
    </ActionIcon>
  )
}
