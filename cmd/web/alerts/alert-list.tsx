import { Button } from '@mantine/core'
import { IconBellPlus, IconBellRinging, IconCalendarTime } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'wouter'
import { useFed } from '../live/feed-context.tsx'
import { HeaderAction } from '../shared/header-action.tsx'
import { Empty, Failure, Loaded } from '../shared/notices.tsx'
import { Header } from '../shared/panes.tsx'
import classes from './alert-list.module.css'
import { AlertRow } from './alert-row.tsx'
import { alertsQuery, loadOlder } from './list.ts'
import { VirtualList } from './virtual-list.tsx'

/** Every alert, the newest first. `selected` is open beside it; `isMain` when nothing is. */
export function AlertList({ selected, isMain }: { selected: number | undefined; isMain: boolean }) {
  const queries = useQueryClient()
  const query = useFed(alertsQuery(queries))
  const older = useMutation({ mutationFn: () => loadOlder(queries) })
  const [scroller, setScroller] = useState<HTMLElement | null>(null)
  return (
    <>
      <Header title="Alerts" level={isMain ? 1 : 2} actions={<Actions />} />
      <Loaded query={query}>
        {({ items, next }) =>
          items.length === 0 ? (
            <Empty icon={<IconBellRinging size={40} stroke={1.5} />} title="No alerts yet">
              <p>What you raise is here, with everybody whom it reached and everybody who is missing.</p>
            </Empty>
          ) : (
            <div ref={setScroller} className={classes.scroll}>
              <VirtualList
                items={items}
                keyOf={({ id }) => id}
                scroller={scroller}
                rowHeight={126}
                label="Alerts"
                onEnd={next !== null && !older.isPending && !older.error ? older.mutate : undefined}
              >
                {(alert) => <AlertRow alert={alert} isSelected={alert.id === selected} />}
              </VirtualList>
              {older.error && <Failure error={older.error} onRetry={older.mutate} />}
            </div>
          )
        }
      </Loaded>
    </>
  )
}

function Actions() {
  return (
    <>
      <HeaderAction label="Schedules" href="/schedules" icon={<IconCalendarTime size={22} stroke={1.7} />} />
      <Button component={Link} href="/new" leftSection={<IconBellPlus size={18} />} h={40}>
        Raise
      </Button>
    </>
  )
}
