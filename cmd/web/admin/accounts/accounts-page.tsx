import { Button } from '@mantine/core'
import { IconSearchOff, IconUserPlus, IconUsersGroup } from '@tabler/icons-react'
import { lazy, useState } from 'react'
import type { Account } from '../../api/views.ts'
import { fullName } from '../../people/person.ts'
import { Avatar } from '../../shared/avatar.tsx'
import { Badge } from '../../shared/badge.tsx'
import { FilterField } from '../../shared/filter-field.tsx'
import { ListBody, ListSection, Row } from '../../shared/list.tsx'
import { Empty } from '../../shared/notices.tsx'
import { Pages, usePages } from '../../shared/pages.tsx'
import { Header, Panes } from '../../shared/panes.tsx'
import { WhenOpen } from '../../shared/when-open.tsx'
import { useSearch } from '../use-search.ts'
import { AccountView } from './account-view.tsx'
import { roles } from './roles.ts'

const CreateDialog = lazy(() => import('./create-dialog.tsx'))

/** Everybody who can log in: all of them beside the one that is open. */
export default function AccountsPage({ username }: { username: string | undefined }) {
  const [isCreating, setCreating] = useState(false)
  const search = useSearch()
  const query = search.settled && `?query=${encodeURIComponent(search.settled)}`
  const list = usePages<Account>(['manage-accounts', search.settled], `/accounts${query}`)
  return (
    <Panes
      wide
      open={username !== undefined}
      list={
        <>
          <Header
            title="Accounts"
            level={username === undefined ? 1 : 2}
            actions={
              <Button size="md" px={14} leftSection={<IconUserPlus size={18} />} onClick={() => setCreating(true)}>
                Create
              </Button>
            }
          />
          <FilterField label="Search by username or name" value={search.text} onChange={search.setText} />
          <ListBody>
            <Pages
              list={list}
              empty={<Empty icon={<IconSearchOff size={40} />} title={`Nobody is found for “${search.settled}”`} />}
            >
              {(items) => (
                <ListSection items={items}>
                  {(account) => (
                    <Row
                      key={account.id}
                      href={`/accounts/${account.username}`}
                      current={username === account.username}
                      icon={<Avatar name={account.username} />}
                      title={account.username}
                      detail={fullName(account)}
                      line={account.disabled ? <Badge tone="critical">Disabled</Badge> : roles[account.role].name}
                    />
                  )}
                </ListSection>
              )}
            </Pages>
          </ListBody>
        </>
      }
    >
      {username === undefined ? (
        <Empty icon={<IconUsersGroup size={40} />} title="Choose an account">
          <p>Accounts are who can log in. Those who only get alerts are recipients, and need none.</p>
        </Empty>
      ) : (
        <AccountView key={username} username={username} />
      )}
      <WhenOpen opened={isCreating}>
        <CreateDialog onClose={() => setCreating(false)} />
      </WhenOpen>
    </Panes>
  )
}
