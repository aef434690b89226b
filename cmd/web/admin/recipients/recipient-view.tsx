import { ActionIcon, Menu } from '@mantine/core'
import { IconDots, IconEdit, IconTrash } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { lazy, useState } from 'react'
import { useLocation } from 'wouter'
import { api } from '../../api/api.ts'
import type { Object as Recipient } from '../../api/views.ts'
import { Loaded } from '../../shared/notices.tsx'
import { Header } from '../../shared/panes.tsx'
import { Time } from '../../shared/time.tsx'
import { WhenOpen } from '../../shared/when-open.tsx'
import { Facts } from '../facts.tsx'
import { Scroll } from '../scroll.tsx'
import { RecipientInbox } from './recipient-inbox.tsx'

const RecipientDialog = lazy(() => import('./recipient-dialog.tsx'))
const InboxLinkDialog = lazy(() => import('./inbox-link-dialog.tsx'))
const Confirm = lazy(() => import('../../shared/confirm.tsx'))

/** One recipient: how it is reached, and what its inbox has. */
export function RecipientView({ id }: { id: string }) {
  const query = useQuery({
    queryKey: ['manage-recipient', id],
    queryFn: ({ signal }) => api.get<Recipient>(`/objects/${encodeURIComponent(id)}`, { signal }),
    staleTime: 0,
  })
  if (query.data) return <Open recipient={query.data} />
  return (
    <>
      <Header title="Recipient" back="/recipients" />
      <Loaded query={query}>{() => null}</Loaded>
    </>
  )
}

function Open({ recipient }: { recipient: Recipient }) {
  const [dialog, setDialog] = useState<'edit' | 'link' | 'remove'>()
  const queries = useQueryClient()
  const [, navigate] = useLocation()
  const { id, email, phone_number, phone_e164, created_at } = recipient
  const close = () => setDialog(undefined)

  async function remove() {
    await api.delete(`/objects/${id}`)
    void queries.invalidateQueries({ queryKey: ['manage-recipients'] })
    navigate('/recipients')
    queries.removeQueries({ queryKey: ['manage-recipient', String(id)] })
  }

  return (
    <>
      <Header
        title={email}
        subtitle={phone_e164}
        back="/recipients"
        actions={
          <Menu>
            <Menu.Target>
              <ActionIcon variant="subtle" color="gray" size={44} aria-label="More about this recipient">
                <IconDots size={20} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item leftSection={<IconEdit size={18} />} onClick={() => setDialog('edit')}>
                Edit
              </Menu.Item>
              <Menu.Item color="red" leftSection={<IconTrash size={18} />} onClick={() => setDialog('remove')}>
                Remove
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        }
      />
      <Scroll>
        <Facts
          facts={[
            ['E-mail', email],
            ['Phone number', phone_number === phone_e164 ? phone_e164 : `${phone_e164} (given as ${phone_number})`],
            ['Added', <Time key="added" at={created_at} as="whole" />],
          ]}
        />
        <RecipientInbox id={id} onLink={() => setDialog('link')} />
      </Scroll>
      <WhenOpen opened={dialog !== undefined}>
        {dialog === 'edit' && <RecipientDialog recipient={recipient} onClose={close} onSaved={() => undefined} />}
        {dialog === 'link' && <InboxLinkDialog recipient={recipient} onClose={close} />}
        {dialog === 'remove' && (
          <Confirm title={`Remove ${email}?`} action="Remove" run={remove} onClose={close}>
            It gets no more alerts, and its inbox link ends. In the roll-calls of past alerts it stays as a number,
            without address and phone.
          </Confirm>
        )}
      </WhenOpen>
    </>
  )
}
