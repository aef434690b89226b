import { z } from 'zod'
import { issueInboxToken } from '#internal/alerts/inbox-tokens'
import { parsePhone } from '#internal/alerts/object'
import { checkContact, importObjects } from '#internal/alerts/object-import'
import {
  type Contact,
  changeObject,
  createObject,
  findObject,
  listObjects,
  removeObject,
} from '#internal/alerts/object-store'
import { objectView } from '#internal/alerts/views'
import { Problem } from '#internal/runtime/problem'
import type { ApiDeps } from '../deps.ts'
import { decodeCursor, int32Max, listOf, page, pageQuery } from '../http/pages.ts'
import { type Route, route } from '../http/route.ts'
import { importBody, importSchema, inboxTokenSchema, objectBody, objectParams, objectSchema } from './schema.ts'

const tag = 'objects'
const path = '/api/v1/objects'
const afterKey = z.tuple([z.int().min(0).max(int32Max)])

export const objectNotFound = () => new Problem('not_found', 'object_not_found', 'There is no such object.')

/** What is stored of a phone number that the schema let pass. */
const phone = (text: string, country: string) => ({ phone_number: text, phone_e164: parsePhone(text, country)! })

export function objectRoutes({ clock, config }: Pick<ApiDeps, 'clock' | 'config'>): Route[] {
  const country = config.PHONE_COUNTRY
  const body = objectBody(country)
  return [
    route({
      method: 'post',
      path,
      summary: 'Create an object, a recipient of alerts.',
      tag,
      access: 'dispatcher',
      body,
      responses: { 201: objectSchema },
      async handler({ body: { email, phone_number }, db }) {
        const object = await createObject(db, { email, ...phone(phone_number, country) }, clock)
        return { status: 201, body: objectView(object) }
      },
    }),
    route({
      method: 'get',
      path,
      summary: 'Objects in the order of ids.',
      tag,
      access: 'dispatcher',
      query: z.object({
        ...pageQuery.shape,
        query: z
          .string()
          .min(1)
          .max(100)
          .optional()
          .describe('Beginnings of parts of an email, or of a phone number with or without its country code.'),
      }),
      responses: { 200: listOf(objectSchema) },
      async handler({ query, db }) {
        const [after] = decodeCursor(query.after, afterKey) ?? [0]
        const rows = await listObjects(db, { query: query.query, after, limit: query.limit + 1 })
        return page({ path, query, rows, key: (object) => [object.id], view: objectView })
      },
    }),
    route({
      method: 'post',
      path: `${path}/import`,
      summary:
        'Create many objects. Those that are there already and those that are bad are left out; sending them again is safe.',
      tag,
      access: 'dispatcher',
      body: importBody,
      responses: { 200: importSchema },
      async handler({ body: { objects, dry_run: dryRun }, db }) {
        const contacts: Contact[] = []
        const bad: { index: number; problem: string }[] = []
        for (const [index, row] of objects.entries()) {
          const checked = checkContact(row, country)
          if ('problem' in checked) bad.push({ index, problem: checked.problem })
          else contacts.push(checked.contact)
        }
        return { status: 200, body: { ...(await importObjects(db, [contacts], clock, { dryRun })), bad } }
      },
    }),
    route({
      method: 'get',
      path: `${path}/:id`,
      summary: 'One object.',
      tag,
      access: 'dispatcher',
      params: objectParams,
      responses: { 200: objectSchema },
      problems: [404],
      async handler({ params, db }) {
        const object = await findObject(db, params.id)
        if (!object) throw objectNotFound()
        return { status: 200, body: objectView(object) }
      },
    }),
    route({
      method: 'patch',
      path: `${path}/:id`,
      summary: 'Change the email or phone number of an object.',
      tag,
      access: 'dispatcher',
      params: objectParams,
      body: body.partial(),
      responses: { 200: objectSchema },
      problems: [404],
      async handler({ params, body: { email, phone_number }, db }) {
        const change = {
          ...(email !== undefined && { email }),
          ...(phone_number !== undefined && phone(phone_number, country)),
        }
        const object = await changeObject(db, params.id, change)
        if (!object) throw objectNotFound()
        return { status: 200, body: objectView(object) }
      },
    }),
    route({
      method: 'delete',
      path: `${path}/:id`,
      summary: 'Remove an object. It stays in the roll-calls that it is part of, without email and phone number.',
      tag,
      access: 'dispatcher',
      params: objectParams,
      responses: { 204: undefined },
      problems: [404],
      async handler({ params, db }) {
        if (!(await removeObject(db, params.id, clock))) throw objectNotFound()
        return { status: 204 }
      },
    }),
    route({
      method: 'post',
      path: `${path}/:id/inbox-token`,
      summary: "Make the token that opens this object's inbox. The one before ends.",
      tag,
      access: 'dispatcher',
      params: objectParams,
      responses: { 201: inboxTokenSchema },
      problems: [404],
      secret: true,
      async handler({ params, db }) {
        const token = await issueInboxToken(db, params.id, clock)
        if (token === undefined) throw objectNotFound()
        return { status: 201, body: { token } }
      },
    }),
  ]
}
