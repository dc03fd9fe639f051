import { Ajv, type ErrorObject, type Options } from 'ajv'
import fastJsonStringify from 'fast-json-stringify'
import { memoize } from '../domain/memoize.ts'
import { isLanguageTag } from '../domain/sms/language-choice.ts'

/** Formats that only tell clients what a text is. Patterns and the domain check such values, with a sentence for each mistake. */
const documentedFormats = { date: true, 'date-time': true, uri: true, binary: true } as const

/** Bodies are validated without changes. The defaults of Fastify would drop unknown fields and turn numbers into strings. */
const strict: Options = {
  allErrors: false,
  removeAdditional: false,
  coerceTypes: false,
  useDefaults: false,
  formats: { ...documentedFormats, 'language-tag': isLanguageTag }
}
/** Values in a query or path are strings, so their types are coerced. */
const fromText: Options = { ...strict, coerceTypes: true, useDefaults: true }

/*
 * Equal schemas share one function, which compiles its schema when it is first called.
 *
 * All routes document their errors by the same schemas, and each instance in a process, as in tests, has the same routes:
 * compiling took 80 of the 210 ms of processor time of a further instance. A process compiles only what its clients use:
 * compiling all schemas took 200 ms of a start. A test compiles them all, so that no client is the first to meet a wrong one.
 */

/** A validator of Ajv, which leaves the errors of the last value at the function. */
interface Validator {
  (value: unknown): boolean
  errors?: ErrorObject[] | null
}

function createValidators (ajv: Ajv): (schema: object) => Validator {
  const validators = memoize((text) => {
    let compiled: Validator | undefined
    const validate: Validator = (value) => {
      compiled ??= ajv.compile(JSON.parse(text) as object)
      const isValid = compiled(value)
      validate.errors = compiled.errors
      return isValid
    }
    return validate
  })
  return (schema) => validators(JSON.stringify(schema))
}

const serializers = memoize((text) => {
  let serialize: ((value: unknown) => string) | undefined
  return (value: unknown) => (serialize ??= fastJsonStringify(JSON.parse(text) as object))(value)
})

/** Returns the validator of a JSON body. */
export const compileBody = createValidators(new Ajv(strict))
/** Returns the validator of a query, a path or headers, which coerces the values. */
export const compileTexts = createValidators(new Ajv(fromText))
/** Returns the serializer of a reply, which leaves out fields that the schema does not name. */
export const compileReply = (schema: object) => serializers(JSON.stringify(schema))
