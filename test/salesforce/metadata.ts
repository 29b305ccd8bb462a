// Reads what a Salesforce administrator deploys, the XML under salesforce/, as plain data. What it must say is decided
// by the tests beside this file.
import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { parseStringPromise } from 'xml2js'
import * as z from 'zod'

const ROOT = join(import.meta.dirname, '../../salesforce')

/** xml2js makes an array of every element. */
const one = z
  .array(z.string())
  .length(1)
  .transform(([text = '']) => text)
const flag = one.transform((text) => text === 'true')
const number = one.transform(Number)

const fieldShape = z.object({
  fullName: one,
  type: one,
  label: one,
  length: number.optional(),
  precision: number.optional(),
  scale: number.optional(),
  required: flag.default(false),
  unique: flag.default(false),
  externalId: flag.default(false),
  caseSensitive: flag.default(false),
  referenceTo: one.optional(),
  relationshipName: one.optional(),
  deleteConstraint: one.optional(),
  valueSet: z
    .array(
      z
        .object({
          restricted: flag,
          valueSetDefinition: z.array(z.object({ value: z.array(z.object({ fullName: one })) })).length(1),
        })
        .transform(({ restricted, valueSetDefinition }) => ({
          restricted,
          values: valueSetDefinition.flatMap(({ value }) => value.map(({ fullName }) => fullName)),
        })),
    )
    .length(1)
    .transform(([set]) => set)
    .optional(),
})

export interface MetadataField extends z.output<typeof fieldShape> {
  object: string
  /** Of sfdx-project.json: force-app, quotes, cpq, event-relay. */
  directory: string
}

const permissionSetShape = z.object({
  fieldPermissions: z.array(z.object({ field: one, readable: flag, editable: flag })).default([]),
  objectPermissions: z
    .array(
      z.object({
        object: one,
        allowCreate: flag,
        allowRead: flag,
        allowEdit: flag,
        allowDelete: flag,
        viewAllRecords: flag,
        modifyAllRecords: flag,
      }),
    )
    .default([]),
  customPermissions: z.array(z.object({ name: one, enabled: flag })).default([]),
  classAccesses: z.array(z.object({ apexClass: one, enabled: flag })).default([]),
})
export type PermissionSet = z.output<typeof permissionSetShape>

export interface MetadataFile {
  /** Below salesforce/. */
  path: string
  /** The element that the file is. */
  element: string
  body: Record<string, unknown>
}

export const readText = (path: string): string => readFileSync(join(ROOT, path), 'utf8')

export const listFiles = (ending: string): string[] =>
  readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith(ending))
    .sort()

export async function readXml(path: string): Promise<MetadataFile> {
  const [[element, body] = ['', {}], ...others] = Object.entries(await parseStringPromise(readText(path)))
  if (others.length > 0 || typeof body !== 'object' || body === null)
    throw new Error(`${path} is no metadata.`)
  return { path, element, body: Object.fromEntries(Object.entries(body)) }
}

export async function readFields(): Promise<MetadataField[]> {
  return Promise.all(
    listFiles('.field-meta.xml').map(async (path) => {
      const { body } = await readXml(path)
      const field = fieldShape.parse(body)
      if (`${field.fullName}.field-meta.xml` !== basename(path))
        throw new Error(`${path} is of ${field.fullName}.`)
      const [directory = '', , , , object = ''] = path.split('/')
      return { ...field, directory, object }
    }),
  )
}

export async function readPermissionSet(path: string): Promise<PermissionSet> {
  return permissionSetShape.parse((await readXml(path)).body)
}
