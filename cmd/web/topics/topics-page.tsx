import { useDisclosure } from '@mantine/hooks'
import { IconHash, IconPlus } from '@tabler/icons-react'
import { lazy } from 'react'
import { HeaderAction } from '../shared/header-action.tsx'
import { Empty } from '../shared/notices.tsx'
import { Header, Panes } from '../shared/panes.tsx'
import { parseId } from '../shared/parse-id.ts'
import { WhenOpen } from '../shared/when-open.tsx'
import { TopicList } from './topic-list.tsx'
import { TopicPane } from './topic-pane.tsx'

const NewTopic = lazy(() => import('./new-topic.tsx'))

/** The topics that one is in or could join, and the one that is open. */
export default function TopicsPage({ id }: { id: string | undefined }) {
  const [making, { open, close }] = useDisclosure()
  const isOpen = id !== undefined
  const list = (
    <>
      <Header
        title="Topics"
        level={isOpen ? 2 : 1}
        actions={<HeaderAction label="New topic" icon={<IconPlus size={22} />} onClick={open} />}
      />
      <TopicList open={parseId(id)} onNew={open} />
    </>
  )
  return (
    <Panes open={isOpen} list={list}>
      {isOpen ? (
        <TopicPane key={id} id={parseId(id)} />
      ) : (
        <Empty icon={<IconHash size={40} />} title="Choose a topic">
          <p>Topics are where a crew, a watch or a subject talks. Those with something new are bold.</p>
        </Empty>
      )}
      <WhenOpen opened={making}>
        <NewTopic onClose={close} />
      </WhenOpen>
    </Panes>
  )
}
