import { Button, Group, NativeSelect, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { api } from '../api/api.ts'
import { textOf } from '../api/problem.ts'
import type { Profile } from '../api/views.ts'
import { FormError } from '../shared/form-error.tsx'
import { Loaded } from '../shared/notices.tsx'
import { Time } from '../shared/time.tsx'
import { useSubmit } from '../shared/use-submit.ts'
import { feedKey } from './feed.tsx'
import { SourceIcon, sources } from './feed-source.tsx'
import classes from './people.module.css'

const profilesKey = ['profiles'] as const

/** The profiles elsewhere whose posts come into the feed because of oneself. */
export function LinkedProfiles() {
  const profiles = useQuery({
    queryKey: profilesKey,
    queryFn: async ({ signal }) => (await api.get<{ items: Profile[] }>('/me/profiles', { signal })).items,
    staleTime: 0,
  })
  return (
    <section className={classes.part}>
      <h2>Your profiles elsewhere</h2>
      <Loaded query={profiles}>
        {(items) =>
          items.length > 0 ? (
            <ul className={classes.profiles}>
              {items.map((profile) => (
                <LinkedProfile key={profile.id} profile={profile} />
              ))}
            </ul>
          ) : (
            <p className={classes.dim}>None. What you post there would be in everybody's feed here.</p>
          )
        }
      </Loaded>
      <LinkForm />
    </section>
  )
}

function LinkedProfile({ profile }: { profile: Profile }) {
  const queries = useQueryClient()
  const unlink = useMutation({
    mutationFn: () => api.delete(`/me/profiles/${profile.id}`),
    onSettled: () => refresh(queries),
  })
  return (
    <li className={classes.linked}>
      <SourceIcon kind={profile.kind} />
      <div className={classes.grow}>
        <p>{profile.address}</p>
        <p className={profile.last_error ? classes.failed : classes.dim}>
          {profile.last_error && `Could not be read: ${profile.last_error} `}
          {profile.last_fetched_at && (
            <>
              Read <Time at={profile.last_fetched_at} as="relative" />
            </>
          )}
          {!profile.last_error && !profile.last_fetched_at && 'Is read within some minutes'}
        </p>
        <FormError text={unlink.error ? textOf(unlink.error) : undefined} />
      </div>
      <Button
        variant="subtle"
        color="gray"
        loading={unlink.isPending}
        onClick={() => unlink.mutate()}
        aria-label={`Unlink ${profile.address}`}
      >
        Unlink
      </Button>
    </li>
  )
}

function LinkForm() {
  const queries = useQueryClient()
  const form = useForm({
    initialValues: { kind: 'rss' as Profile['kind'], address: '' },
    validate: { address: (address) => (address.trim() === '' ? 'An address is needed' : null) },
  })
  const { onSubmit, problem, busy } = useSubmit(form, async ({ kind, address }) => {
    await api.post<Profile>('/me/profiles', { kind, address: address.trim() })
    form.setFieldValue('address', '')
    await refresh(queries)
  })
  const { placeholder } = sources[form.values.kind]
  return (
    <form onSubmit={onSubmit} noValidate>
      <FormError text={problem} />
      <Group gap={8} align="flex-start" className={classes.link!}>
        <NativeSelect
          size="md"
          aria-label="Kind of profile"
          data={Object.entries(sources).map(([value, { label }]) => ({ value, label }))}
          {...form.getInputProps('kind')}
        />
        <TextInput
          className={classes.grow}
          size="md"
          aria-label="Address of the profile"
          placeholder={placeholder}
          maxLength={1000}
          {...form.getInputProps('address')}
        />
        <Button type="submit" size="md" variant="default" loading={busy}>
          Link
        </Button>
      </Group>
    </form>
  )
}

/** What is linked says what is in the feed. */
const refresh = (queries: ReturnType<typeof useQueryClient>) =>
  Promise.all([profilesKey, feedKey].map((queryKey) => queries.invalidateQueries({ queryKey })))
