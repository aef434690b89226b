import { Button } from '@mantine/core'
import { IconAddressBook, IconFileImport, IconPlus, IconSearchOff } from '@tabler/icons-react'
import { lazy, useState } from 'react'
import { Link, useLocation } from 'wouter'
import type { Object as Recipient } from '../../api/views.ts'
import { Avatar } from '../../shared/avatar.tsx'
import { FilterField } from '../../shared/filter-field.tsx'
import { ListBody, ListSection, Row } from '../../shared/list.tsx'
import { Empty } from '../../shared/notices.tsx'
import { Pages, usePages } from '../../shared/pages.tsx'
import { Header, Panes } from '../../shared/panes.tsx'
import { WhenOpen } from '../../shared/when-open.tsx'
import { useSearch } from '../use-search.ts'
import { RecipientView } from './recipient-view.tsx'

const RecipientDialog = lazy(() => import('./recipient-dialog.tsx'))

/** Who gets alerts: all of them beside the one that is open. */
export function RecipientsPage({ id }: { id: string | undefined }) {
  const [, navigate] = useLocation()
  const [isAdding, setAdding] = useState(false)
  const search = useSearch()
  const query = search.settled && `?query=${encodeURIComponent(search.settled)}`
  const list = usePages<Recipient>(['manage-recipients', search.settled], `/objects${query}`)
  return (
    <Panes
      wide
      open={id !== undefined}
      list={
        <>
          <Header
            title="Recipients"
            level={id === undefined ? 1 : 2}
            actions={
              <>
                <Button
                  component={Link}
                  href="/recipients/import"
                  variant="subtle"
                  size="md"
                  px={10}
                  leftSection={<IconFileImport size={18} />}
                >
                  Import
                </Button>
                <Button size="md" px={14} leftSection={<IconPlus size={18} />} onClick={() => setAdding(true)}>
                  Add
                </Button>
              </>
            }
          />
          <FilterField label="Search by e-mail or phone number" value={search.text} onChange={search.setText} />
          <ListBody>
            <Pages list={list} empty={search.settled ? <NothingFound text={search.settled} /> : <NobodyYet />}>
              {(items) => (
                <ListSection items={items}>
                  {(item) => (
                    <Row
                      key={item.id}
                      href={`/recipients/${item.id}`}
                      current={id === String(item.id)}
                      icon={<Avatar name={item.email} />}
                      title={item.email}
                      line={item.phone_e164}
                    />
                  )}
                </ListSection>
              )}
            </Pages>
          </ListBody>
        </>
      }
    >
      {id === undefined ? (
        <Empty icon={<IconAddressBook size={40} />} title="Choose a recipient">
          <p>Recipients are who alerts go to: by their inbox, and by e-mail, SMS and webhook where these are set up.</p>
        </Empty>
      ) : (
        <RecipientView key={id} id={id} />
      )}
      <WhenOpen opened={isAdding}>
        <RecipientDialog onClose={() => setAdding(false)} onSaved={({ id }) => navigate(`/recipients/${id}`)} />
      </WhenOpen>
    </Panes>
  )
}

function NothingFound({ text }: { text: string }) {
  return (
    <Empty icon={<IconSearchOff size={40} />} title={`Nobody is found for “${text}”`}>
      <p>The search looks for beginnings: “ann” and “corp” find ann.lee@corp.example, “+1 212” finds +12125551234.</p>
    </Empty>
  )
}

function NobodyYet() {
  return (
    <Empty icon={<IconAddressBook size={40} />} title="There are no recipients yet">
      <p>Add one, or import a file with the columns email and phone_number.</p>
    </Empty>
  )
}
