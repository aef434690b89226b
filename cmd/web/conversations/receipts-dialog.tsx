import { Button, Modal, Table } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { api } from '../api/api.ts'
import type { Message } from '../api/views.ts'
import { Loaded } from '../shared/notices.tsx'
import { withPage } from '../shared/paged.ts'
import { Time } from '../shared/time.tsx'

interface Receipts {
  counts: { recipients: number; delivered: number; read: number }
  items: { username: string; delivered_at: string | null; read_at: string | null }[]
  next: string | null
}

const number = new Intl.NumberFormat()

/** Who got a message and who has read it, and when. */
export default function ReceiptsDialog({ message, onClose }: { message: Message; onClose: () => void }) {
  const query = useInfiniteQuery({
    queryKey: ['receipts', message.id],
    queryFn: ({ pageParam, signal }) =>
      api.get<Receipts>(withPage(`/messages/${message.id}/receipts`, pageParam, 50), { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    staleTime: 0,
    refetchInterval: 5000,
  })
  return (
    <Modal opened onClose={onClose} title="Who has got it" size="lg">
      <Loaded query={query}>
        {({ pages }) => (
          <>
            <p>
              Of {number.format(pages[0]!.counts.recipients)}{' '}
              {pages[0]!.counts.recipients === 1 ? 'recipient' : 'recipients'}, it was delivered to{' '}
              <strong>{number.format(pages[0]!.counts.delivered)}</strong> and read by{' '}
              <strong>{number.format(pages[0]!.counts.read)}</strong>.
            </p>
            <Table>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Who</Table.Th>
                  <Table.Th>Delivered</Table.Th>
                  <Table.Th>Read</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {pages
                  .flatMap(({ items }) => items)
                  .map(({ username, delivered_at, read_at }) => (
                    <Table.Tr key={username}>
                      <Table.Td>{username}</Table.Td>
                      <Table.Td>{delivered_at ? <Time at={delivered_at} as="whole" /> : 'not yet'}</Table.Td>
                      <Table.Td>{read_at ? <Time at={read_at} as="whole" /> : 'not yet'}</Table.Td>
                    </Table.Tr>
                  ))}
              </Table.Tbody>
            </Table>
            {query.hasNextPage && (
              <Button
                variant="default"
                mt={12}
                loading={query.isFetchingNextPage}
                onClick={() => void query.fetchNextPage()}
              >
                Show more
              </Button>
            )}
          </>
        )}
      </Loaded>
    </Modal>
  )
}
