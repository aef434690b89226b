import { Button } from '@mantine/core'
import { IconSearchOff, IconUserPlus, IconUsersGroup } from '@tabler/icons-react'
import { lazy, Suspense, useState } from 'react'
import type { Account } from '../../api/views.ts'
import { Avatar } from '../../shared/avatar.tsx'
import { Badge } from '../../shared/badge.tsx'
import { Empty } from '../../shared/notices.tsx'
import { Pages, usePages } from '../../shared/pages.tsx'
import { Header, Panes } from '../../shared/panes.tsx'
import { Row, Rows } from '../../shared/rows.tsx'
import { Scroll } from '../scroll.tsx'
import { SearchField, useSearch } from '../search-field.tsx'
import { AccountView } from './account-view.tsx'
import { roles } from './roles.ts'

const CreateDialog = lazy(() => import('./create-dialog.tsx'))

/** Everybody who can log in: all of them beside the one that is open. */
export default function AccountsPage({ username }: { username: string | undefined }) {
  const [isCreating, setCreating] = useState(false)
  const search = useSearch()
  const query = search.settled && `?query=${encodeURIComponent(search.settled)}`
  const list = usePages<Account>(['accounts', search.settled], `/accounts${query}`)
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
          <SearchField label="Search by username or name" search={search} isLooking={list.isPlaceholderData} />
          <Scroll>
            <Pages
              list={list}
              empty={<Empty icon={<IconSearchOff size={40} />} title={`Nobody is found for “${search.settled}”`} />}
            >
              {(items) => (
                <Rows label="Accounts">
                  {items.map((account) => (
                    <Row
                      key={account.id}
                      href={`/accounts/${account.username}`}
                      isOpen={username === account.username}
                      media={<Avatar name={account.username} />}
                      title={account.username}
                      detail={nameOf(account)}
                      aside={<Marks account={account} />}
                    />
                  ))}
                </Rows>
              )}
            </Pages>
          </Scroll>
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
      {isCreating && (
        <Suspense>
          <CreateDialog onClose={() => setCreating(false)} />
        </Suspense>
      )}
    </Panes>
  )
}

export const nameOf = ({ first_name, last_name }: Pick<Account, 'first_name' | 'last_name'>) =>
  [first_name, last_name].filter(Boolean).join(' ')

function Marks({ account: { role, disabled } }: { account: Account }) {
  if (disabled) return <Badge tone="critical">Disabled</Badge>
  return role === 'member' ? null : <Badge tone="accent">{roles[role].name}</Badge>
}
