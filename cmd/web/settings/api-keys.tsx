import { Button } from '@mantine/core'
import { IconKey, IconPlus } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { lazy, useState } from 'react'
import { api } from '../api/api.ts'
import type { ApiKey } from '../api/views.ts'
import { Entries, Entry } from '../shared/entries.tsx'
import { Empty } from '../shared/notices.tsx'
import { Pages, usePages } from '../shared/pages.tsx'
import { Time } from '../shared/time.tsx'
import { WhenOpen } from '../shared/when-open.tsx'
import { scopeNames } from './scopes.ts'
import settings from './settings.module.css'

const ApiKeyDialog = lazy(() => import('./api-key-dialog.tsx'))
const Confirm = lazy(() => import('../shared/confirm.tsx'))

/** Keys for programs that act for one. */
export default function ApiKeys() {
  const list = usePages<ApiKey>(['api-keys'], '/api-keys')
  const queries = useQueryClient()
  const [isCreating, setCreating] = useState(false)
  const [deleted, setDeleted] = useState<ApiKey>()

  async function remove() {
    await api.delete(`/api-keys/${deleted!.id}`)
    await queries.invalidateQueries({ queryKey: ['api-keys'] })
  }
  return (
    <>
      <p className={settings.note}>
        A key lets a program act for you, as far as its scopes go and never further than you may yourself.
      </p>
      <Button
        size="md"
        className={settings.save!}
        leftSection={<IconPlus size={18} />}
        onClick={() => setCreating(true)}
      >
        New key
      </Button>
      <div>
        <Pages
          list={list}
          empty={
            <Empty icon={<IconKey size={40} />} title="No keys yet">
              <p>Make one for a script, a CI job, or the command line.</p>
            </Empty>
          }
        >
          {(keys) => (
            <Entries label="API keys">
              {keys.map((key) => (
                <Entry
                  key={key.id}
                  title={key.name}
                  detail={<Details apiKey={key} />}
                  actions={
                    <Button
                      variant="default"
                      size="md"
                      px={14}
                      aria-label={`Delete the key ${key.name}`}
                      onClick={() => setDeleted(key)}
                    >
                      Delete
                    </Button>
                  }
                />
              ))}
            </Entries>
          )}
        </Pages>
      </div>
      <WhenOpen opened={isCreating}>
        <ApiKeyDialog onClose={() => setCreating(false)} />
      </WhenOpen>
      <WhenOpen opened={deleted !== undefined}>
        {deleted && (
          <Confirm
            title={`Delete the key ${deleted.name}?`}
            action="Delete"
            run={remove}
            onClose={() => setDeleted(undefined)}
          >
            Programs that use it are refused from this moment on, and their open connections end.
          </Confirm>
        )}
      </WhenOpen>
    </>
  )
}

function Details({ apiKey: { scopes, expires_at, last_used_at } }: { apiKey: ApiKey }) {
  return (
    <>
      {scopes.map((scope) => scopeNames[scope]).join(', ')}
      {' · '}
      {expires_at ? (
        <>
          until <Time at={expires_at} />
        </>
      ) : (
        'for good'
      )}
      {' · '}
      {last_used_at ? (
        <>
          used <Time at={last_used_at} as="relative" />
        </>
      ) : (
        'never used'
      )}
    </>
  )
}
