import { Menu, useMantineColorScheme } from '@mantine/core'
import { IconDeviceDesktop, IconLogout, IconMoodSmile, IconMoon, IconSettings, IconSun } from '@tabler/icons-react'
import type { ReactElement } from 'react'
import { useLocation } from 'wouter'
import { api } from '../api/api.ts'
import { useMe } from '../live/feed-context.tsx'
import { currentToken, endSession } from '../session/session.ts'

const schemes = [
  { value: 'light', text: 'Light', Icon: IconSun },
  { value: 'dark', text: 'Dark', Icon: IconMoon },
  { value: 'auto', text: 'As the system', Icon: IconDeviceDesktop },
] as const

/** What is one's own: settings, colours, the way out. The button is `target`. */
export default function AccountMenuItems({ target, onClose }: { target: ReactElement; onClose: () => void }) {
  const me = useMe()
  const [, navigate] = useLocation()
  // Without this, each change writes a style element, which the content security policy forbids.
  const { colorScheme, setColorScheme } = useMantineColorScheme({ keepTransitions: true })
  return (
    <Menu position="right-end" width={220} opened onClose={onClose}>
      <Menu.Target>{target}</Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{me.username}</Menu.Label>
        <Menu.Item leftSection={<IconMoodSmile size={18} />} onClick={() => navigate(`/people/${me.username}`)}>
          Status
        </Menu.Item>
        <Menu.Item leftSection={<IconSettings size={18} />} onClick={() => navigate('/settings')}>
          Settings
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>Colours</Menu.Label>
        {schemes.map(({ value, text, Icon }) => (
          <Menu.Item
            key={value}
            leftSection={<Icon size={18} />}
            aria-current={colorScheme === value}
            fw={colorScheme === value ? 680 : 400}
            onClick={() => setColorScheme(value)}
          >
            {text}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={18} />} onClick={() => void logOut()}>
          Log out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

/** This browser forgets the session whatever the server says; the server is told as far as it can be reached. */
async function logOut(): Promise<void> {
  const token = currentToken()
  if (token === undefined) return
  endSession(token)
  await api.delete('/sessions/current', { token }).catch(() => undefined)
}
