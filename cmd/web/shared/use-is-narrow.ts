import { useMediaQuery } from '@mantine/hooks'

/** Whether a list and what is open of it do not fit beside one another, as on a phone. */
export const useIsNarrow = (): boolean =>
  useMediaQuery('(max-width: 860px)', undefined, { getInitialValueInEffect: false })
