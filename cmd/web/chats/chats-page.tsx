import { useDisclosure } from '@mantine/hooks'
import { IconEdit, IconMessages } from '@tabler/icons-react'
import { lazy } from 'react'
import { HeaderAction } from '../shared/header-action.tsx'
import { Empty } from '../shared/notices.tsx'
import { Header, Panes } from '../shared/panes.tsx'
import { parseId } from '../shared/parse-id.ts'
import { WhenOpen } from '../shared/when-open.tsx'
import { ChatList } from './chat-list.tsx'
import { ChatPane } from './chat-pane.tsx'

const NewChat = lazy(() => import('./new-chat.tsx'))

/** The direct and group conversations that one is in, and the one that is open. */
export default function ChatsPage({ id }: { id: string | undefined }) {
  const [making, { open, close }] = useDisclosure()
  const isOpen = id !== undefined
  const list = (
    <>
      <Header
        title="Messages"
        level={isOpen ? 2 : 1}
        actions={<HeaderAction label="New message" icon={<IconEdit size={22} />} onClick={open} />}
      />
      <ChatList open={parseId(id)} onNew={open} />
    </>
  )
  return (
    <Panes open={isOpen} list={list}>
      {isOpen ? (
        <ChatPane key={id} id={parseId(id)} />
      ) : (
        <Empty icon={<IconMessages size={40} />} title="Choose a conversation">
          <p>What you write to one person, or to a few, is for them alone.</p>
        </Empty>
      )}
      <WhenOpen opened={making}>
        <NewChat onClose={close} />
      </WhenOpen>
    </Panes>
  )
}
