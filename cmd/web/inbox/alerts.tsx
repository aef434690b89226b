import { Button } from '@mantine/core'
import { IconBellRinging, IconVolume, IconVolumeOff } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { Empty, Failure, Loading } from '../shared/notices.tsx'
import { Bell } from './bell.ts'
import { Card } from './card.tsx'
import { isLinkRefused, NotValid } from './closed.tsx'
import { Connection } from './connection.tsx'
import classes from './inbox.module.css'
import { type Item, inOrder } from './items.ts'
import { useInbox } from './use-inbox.ts'

const shownAtFirst = 20

/** What has come and comes, the newest large. */
export function Alerts({ objectId, token }: { objectId: number; token: string }) {
  const [bell] = useState(() => new Bell())
  const [isOn, setOn] = useState(false)
  const [called, setCalled] = useState<Item>()
  const [shown, setShown] = useState(shownAtFirst)
  const inbox = useInbox(objectId, token, (item) => {
    setCalled(item)
    bell.call(item)
  })
  const list = inbox.items && inOrder(inbox.items)
  useTitle(list ?? [])
  useEffect(() => () => void bell.turnOff(), [bell])

  const { state, error, asked } = inbox
  if (isLinkRefused(error) || (state?.phase === 'ended' && state.reason !== 'client'))
    return <NotValid objectId={objectId} token={token} />
  const card = (item: Item, isNewest: boolean) => (
    <Card
      key={item.id}
      item={item}
      isNewest={isNewest}
      isAsked={asked.has(item.id)}
      isLive={state?.phase === 'live'}
      onSeen={() => inbox.read(item.id)}
      onAcknowledge={() => inbox.acknowledge(item.id)}
    />
  )
  return (
    <>
      <header className={classes.header}>
        <img src="/favicon.svg" alt="" width={32} height={32} />
        <h1>Inbox</h1>
        <Button
          variant={isOn ? 'light' : 'default'}
          h={44}
          aria-pressed={isOn}
          leftSection={isOn ? <IconVolume size={20} /> : <IconVolumeOff size={20} />}
          onClick={() => {
            setOn(!isOn)
            void (isOn ? bell.turnOff() : bell.turnOn())
          }}
        >
          {isOn ? 'Sound is on' : 'Turn sound on'}
        </Button>
      </header>
      <Connection state={state} onReconnect={inbox.reconnect} />
      <p className={classes.hidden} role="alert">
        {called && `New ${called.severity} alert: ${called.text}`}
      </p>
      {inbox.problem && <Failure error={new Error(inbox.problem)} />}
      {!list && (error ? <Failure error={error} /> : <Loading what="Alerts" />)}
      {list?.length === 0 && (
        <Empty icon={<IconBellRinging size={44} stroke={1.5} />} title="No alerts">
          <p>Keep this page open: what comes appears here at once.</p>
        </Empty>
      )}
      {list?.[0] && card(list[0], true)}
      {list && list.length > 1 && (
        <section className={classes.earlier} aria-labelledby="earlier">
          <h2 id="earlier">Earlier</h2>
          {list.slice(1, shown).map((item) => card(item, false))}
          {list.length > shown && (
            <Button variant="default" h={44} onClick={() => setShown(shown + shownAtFirst)}>
              Show older ones
            </Button>
          )}
        </section>
      )}
    </>
  )
}

/** A tab that is not in sight says what waits in it. */
function useTitle(list: readonly Item[]): void {
  const unread = list.filter(({ read_at, acknowledged_at }) => read_at === null && acknowledged_at === null)
  const title = unread[0] ? `(${unread.length}) ${unread[0].text.slice(0, 60)}` : 'Inbox'
  useEffect(() => {
    document.title = `${title} · Belfry`
  }, [title])
}
