import {
  IconBell,
  IconDeviceLaptop,
  IconKey,
  IconLock,
  IconPalette,
  IconShieldLock,
  IconUserCircle,
} from '@tabler/icons-react'
import { type ComponentType, lazy, Suspense } from 'react'
import { Link, Redirect, useRoute } from 'wouter'
import { Loading } from '../shared/notices.tsx'
import { Header, Panes } from '../shared/panes.tsx'
import { useIsNarrow } from '../shared/use-is-narrow.ts'
import classes from './settings.module.css'

interface Section {
  path: string
  title: string
  about: string
  Icon: ComponentType<{ size: number; stroke: number; 'aria-hidden': 'true' }>
  Content: ComponentType
}

const sections: Section[] = [
  {
    path: 'profile',
    title: 'Profile',
    about: 'Your name, and who may write to you',
    Icon: IconUserCircle,
    Content: lazy(() => import('./profile.tsx')),
  },
  {
    path: 'password',
    title: 'Password',
    about: 'What you log in with',
    Icon: IconLock,
    Content: lazy(() => import('./password.tsx')),
  },
  {
    path: 'codes',
    title: 'Two-step codes',
    about: 'A second proof, from your phone',
    Icon: IconShieldLock,
    Content: lazy(() => import('./codes.tsx')),
  },
  {
    path: 'sessions',
    title: 'Sessions',
    about: 'Where you are logged in',
    Icon: IconDeviceLaptop,
    Content: lazy(() => import('./sessions.tsx')),
  },
  {
    path: 'api-keys',
    title: 'API keys',
    about: 'For programs that act for you',
    Icon: IconKey,
    Content: lazy(() => import('./api-keys.tsx')),
  },
  {
    path: 'notifications',
    title: 'Notifications',
    about: 'While you look at something else',
    Icon: IconBell,
    Content: lazy(() => import('./notifications.tsx')),
  },
  {
    path: 'appearance',
    title: 'Appearance',
    about: 'Light or dark',
    Icon: IconPalette,
    Content: lazy(() => import('./appearance.tsx')),
  },
]

/** What is one's own: its parts beside the one that is open. */
export default function SettingsPage() {
  const [, params] = useRoute('/:section')
  const isNarrow = useIsNarrow()
  const open = sections.find(({ path }) => path === params?.section)
  if (params && !open) return <Redirect to="/" replace />
  // Where the parts do not hide what is open, one of them is.
  if (!open && !isNarrow) return <Redirect to={`/${sections[0]!.path}`} replace />
  return (
    <Panes
      open={open !== undefined}
      list={
        <>
          <Header title="Settings" level={open ? 2 : 1} />
          <nav aria-label="Settings" className={classes.sections}>
            {sections.map(({ path, title, about, Icon }) => (
              <Link
                key={path}
                href={`/${path}`}
                className={classes.section!}
                aria-current={path === open?.path ? 'page' : undefined}
              >
                <Icon size={22} stroke={1.7} aria-hidden="true" />
                <span>
                  <strong>{title}</strong>
                  <span>{about}</span>
                </span>
              </Link>
            ))}
          </nav>
        </>
      }
    >
      {open && (
        <>
          <Header title={open.title} back="/" />
          <div className={classes.scroll}>
            <div className={classes.content}>
              <Suspense fallback={<Loading />}>
                <open.Content />
              </Suspense>
            </div>
          </div>
        </>
      )}
    </Panes>
  )
}
