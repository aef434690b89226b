import { UnstyledButton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api/api.ts'
import type { Alert, Deliveries as Answer } from '../../api/views.ts'
import { Failure } from '../../shared/notices.tsx'
import { formatNumber } from '../../shared/plural.ts'
import { channelWord } from '../channels.ts'
import classes from './deliveries.module.css'
import { DeliveryList } from './delivery-list.tsx'
import { deliveriesKey, deliveryStates, isUnderWay, type Picked, worst } from './delivery-states.ts'

/** No event speaks of deliveries: they are asked for while there are some under way, and now and then for somebody else's resend. */
const everyMs = 3000
const otherwiseMs = 30_000

/** What became of the e-mails, SMS and webhooks, and of each of those that one picks. */
export function Deliveries({ alert }: { alert: Alert }) {
  const [chosen, setChosen] = useState<Picked | null>()
  const { data, error, refetch } = useQuery({
    queryKey: deliveriesKey(alert.id),
    queryFn: ({ signal }) => api.get<Answer>(`/alerts/${alert.id}/deliveries?limit=1`, { signal }),
    staleTime: 0,
    refetchInterval: ({ state }) => (!state.data || isUnderWay(state.data) ? everyMs : otherwiseMs),
  })
  if (!data) return error ? <Failure error={error} onRetry={refetch} /> : null
  const picked = chosen === undefined ? worst(data) : chosen
  return (
    <section className={classes.deliveries} aria-labelledby="deliveries">
      <h2 id="deliveries">Also sent by</h2>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">Channel</th>
            {deliveryStates.map(({ state, word }) => (
              <th key={state} scope="col">
                {word}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {data.counts.map((counts) => (
            <tr key={counts.channel}>
              <th scope="row">{channelWord[counts.channel]}</th>
              {deliveryStates.map(({ state, word }) => {
                const isPicked = picked?.channel === counts.channel && picked.state === state
                return (
                  <td key={state}>
                    {counts[state] === 0 ? (
                      <span className={classes.none}>0</span>
                    ) : (
                      <UnstyledButton
                        className={classes.pick!}
                        data-state={state}
                        aria-pressed={isPicked}
                        aria-label={`${formatNumber(counts[state])} ${word.toLowerCase()} by ${channelWord[counts.channel]}: show`}
                        onClick={() => setChosen(isPicked ? null : { channel: counts.channel, state })}
                      >
                        {formatNumber(counts[state])}
                      </UnstyledButton>
                    )}
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
      {!data.complete && <p className={classes.note}>More are being prepared.</p>}
      {picked && <DeliveryList key={`${picked.channel} ${picked.state}`} alert={alert} picked={picked} />}
    </section>
  )
}
