import { Button } from '@mantine/core'
import { IconCalendarPlus, IconCalendarTime } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, useRoute, useSearch } from 'wouter'
import { useMe } from '../../live/feed-context.tsx'
import { Empty, Loaded } from '../../shared/notices.tsx'
import { Header, Panes } from '../../shared/panes.tsx'
import { parseId } from '../../shared/parse-id.ts'
import { isDispatcher } from '../../shell/me.ts'
import { Editor } from './editor.tsx'
import { ScheduleRow } from './schedule-row.tsx'
import classes from './schedules.module.css'
import { inOrder, schedulesQuery } from './schedules.ts'

/** What is sent later: alerts, and messages of one's own. */
export default function SchedulesPage() {
  const me = useMe()
  const query = useQuery(schedulesQuery)
  const [isNew] = useRoute('/new')
  const [, params] = useRoute('/:id')
  const conversation = new URLSearchParams(useSearch()).get('conversation')
  const id = isNew || !params ? undefined : (parseId(params.id) ?? 0)
  const isOpen = isNew || id !== undefined
  return (
    <Panes
      open={isOpen}
      wide
      list={
        <>
          <Header
            title="Schedules"
            level={isOpen ? 2 : 1}
            subtitle={isDispatcher(me) && <Link href="~/alerts">All alerts</Link>}
            back={isDispatcher(me) ? '~/alerts' : '~/messages'}
            actions={
              <Button component={Link} href="/new" leftSection={<IconCalendarPlus size={18} />} h={40}>
                New
              </Button>
            }
          />
          <Loaded query={query}>
            {(schedules) =>
              schedules.length === 0 ? (
                <Empty icon={<IconCalendarTime size={40} stroke={1.5} />} title="Nothing is scheduled">
                  <p>
                    {isDispatcher(me) ? 'Alerts and messages' : 'Messages'} that are sent later, once or again and
                    again, are here.
                  </p>
                </Empty>
              ) : (
                <ul className={classes.list}>
                  {inOrder(schedules).map((schedule) => (
                    <ScheduleRow key={schedule.id} schedule={schedule} me={me} isSelected={schedule.id === id} />
                  ))}
                </ul>
              )
            }
          </Loaded>
        </>
      }
    >
      {isNew && <Editor key={`new ${conversation}`} conversation={conversation ?? ''} />}
      {id !== undefined && (
        <Loaded query={query}>
          {(schedules) => {
            const schedule = schedules.find((one) => one.id === id)
            return schedule ? <Editor key={id} schedule={schedule} /> : <Unknown />
          }}
        </Loaded>
      )}
      {!isOpen && (
        <Empty icon={<IconCalendarTime size={40} stroke={1.5} />} title="What is sent when?">
          <p>Choose a schedule to change, pause or delete it.</p>
        </Empty>
      )}
    </Panes>
  )
}

const Unknown = () => (
  <>
    <Header title="Schedule" back="/" />
    <Empty title="There is no such schedule">
      <Link href="/">All schedules</Link>
    </Empty>
  </>
)
