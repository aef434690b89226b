import { useLocalStorage } from '@mantine/hooks'

const choices = ['nothing', 'personal', 'everything'] as const

/** Of what this browser notifies while no page of it is in sight; `personal` leaves out what is written in topics. */
export type Choice = (typeof choices)[number]

export const useChoice = () =>
  useLocalStorage<Choice>({
    key: 'belfry.notifications',
    defaultValue: 'nothing',
    getInitialValueInEffect: false,
    serialize: (choice) => choice,
    deserialize: (kept) => choices.find((choice) => choice === kept) ?? 'nothing',
  })
