import { type MantineColorScheme, Radio, Stack, useMantineColorScheme } from '@mantine/core'

const schemes: { value: MantineColorScheme; label: string; about: string }[] = [
  { value: 'auto', label: 'As the system', about: 'Light or dark as your device is, also when it changes.' },
  { value: 'light', label: 'Light', about: 'Paper and ink.' },
  { value: 'dark', label: 'Dark', about: 'For the night watch.' },
]

/** Colours, for this browser. */
export default function Appearance() {
  // Without this, each change writes a style element, which the content security policy forbids.
  const { colorScheme, setColorScheme } = useMantineColorScheme({ keepTransitions: true })
  return (
    <Radio.Group
      label={<h2>Colours</h2>}
      description="In this browser"
      value={colorScheme}
      onChange={(value) => setColorScheme(value as MantineColorScheme)}
    >
      <Stack gap={4} mt={12}>
        {schemes.map(({ value, label, about }) => (
          <Radio key={value} value={value} label={label} description={about} size="md" py={6} />
        ))}
      </Stack>
    </Radio.Group>
  )
}
