import { Button, Input, Pill } from '@mantine/core'
import { IconUsersPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { lazy, type ReactNode, useState } from 'react'
import { formatNumber } from '../../shared/plural.ts'
import { WhenOpen } from '../../shared/when-open.tsx'
import { directoryQuery } from './directory.ts'
import classes from './recipients-field.module.css'

const Picker = lazy(() => import('./picker.tsx'))

/** So many are named; of the others there is the number. */
const named = 5

export interface RecipientsFieldProps {
  label: string
  description?: string
  value?: number[]
  onChange: (ids: number[]) => void
  error?: ReactNode
}

/** Recipients that were chosen, and the way to choose others. */
export function RecipientsField({ label, description, value = [], onChange, error }: RecipientsFieldProps) {
  const [isOpen, setOpen] = useState(false)
  const directory = useQuery(directoryQuery).data
  const nameOf = (id: number) => directory?.byId.get(id)?.email ?? `#${id}`
  return (
    <Input.Wrapper label={label} description={description} error={error} labelElement="div" size="md">
      <div className={classes.chosen}>
        {value.slice(0, named).map((id) => (
          <Pill
            key={id}
            size="md"
            classNames={{ root: classes.pill!, label: classes.name! }}
            withRemoveButton
            onRemove={() => onChange(value.filter((other) => other !== id))}
            removeButtonProps={{ 'aria-label': `Without ${nameOf(id)}`, 'aria-hidden': false, tabIndex: 0 }}
          >
            {nameOf(id)}
          </Pill>
        ))}
        {value.length > named && <span>and {formatNumber(value.length - named)} more</span>}
        <Button variant="light" h={40} leftSection={<IconUsersPlus size={18} />} onClick={() => setOpen(true)}>
          {value.length === 0 ? 'Choose' : 'Change'}
        </Button>
      </div>
      <WhenOpen opened={isOpen}>
        <Picker
          title={label}
          chosen={value}
          onDone={(ids) => {
            onChange(ids)
            setOpen(false)
          }}
          onClose={() => setOpen(false)}
        />
      </WhenOpen>
    </Input.Wrapper>
  )
}
