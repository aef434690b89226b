import { Autocomplete, Chip, Group, Input, NativeSelect, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { Choices } from '../raise/choices.tsx'
import classes from './schedules.module.css'
import { dayName, ownTimeZone, type TimingValues, weekdays } from './timing.ts'

const zones = Intl.supportedValuesOf('timeZone')
const shownZones = 30

interface TimingFieldsProps {
  values: TimingValues
  input: UseFormReturnType<TimingValues>['getInputProps']
}

/** When: once, or again and again. */
export function TimingFields({ values, input }: TimingFieldsProps) {
  const { when, repeat, days } = values
  return (
    <div className={classes.timing}>
      <Choices
        label="When"
        choices={[
          { value: 'once', label: 'Once' },
          { value: 'again', label: 'Again and again' },
        ]}
        {...input('when')}
      />
      {when === 'once' ? (
        <TextInput
          label="At"
          description={`By your clock (${ownTimeZone()})`}
          type="datetime-local"
          size="md"
          {...input('at')}
        />
      ) : (
        <>
          <div className={classes.row}>
            <NativeSelect
              label="Repeat"
              size="md"
              data={[
                { value: 'days', label: 'On days of the week' },
                { value: 'month', label: 'On a day of the month' },
                { value: 'cron', label: 'By a cron expression' },
              ]}
              {...input('repeat')}
            />
            {repeat === 'month' && <TextInput label="Day" inputMode="numeric" size="md" w={72} {...input('day')} />}
            {repeat === 'cron' ? (
              <TextInput
                label="Cron expression"
                description="Minute, hour, day of the month, month, day of the week"
                size="md"
                ff="monospace"
                {...input('cron')}
              />
            ) : (
              <TextInput label="At" type="time" size="md" {...input('time')} />
            )}
          </div>
          {repeat === 'days' && (
            <Input.Wrapper label="Days" size="md" labelElement="div" error={input('days').error}>
              <Chip.Group multiple value={days} onChange={input('days').onChange}>
                <Group gap={8} mt={4} role="group" aria-label="Days">
                  {weekdays.map((day) => (
                    <Chip key={day} value={day} size="md">
                      {dayName(day).slice(0, 3)}
                    </Chip>
                  ))}
                </Group>
              </Chip.Group>
            </Input.Wrapper>
          )}
          <Autocomplete
            label="Time zone"
            description="The clocks that it goes by."
            size="md"
            data={zones}
            limit={shownZones}
            {...input('time_zone')}
          />
        </>
      )}
    </div>
  )
}
