import { randomBytes } from 'node:crypto'
import t from 'tap'
import { deleteDiscardedImage, discardImage, findImageState, reserveImage, completeImage, type Blobs, findUsage } from '../../db/images.ts'
import { createUser, openDatabase } from './connect.ts'

const db = await openDatabase(t)

const blob = { byte_count: 60, sha256: '00' }
const blobs: Blobs = { original: blob, preview: blob, thumbnail: blob }
const off = { byteCount: 0, creativesPerDay: 0 }

async function reserve (userId: number, given: Partial<Parameters<typeof reserveImage>[1]> = {}): Promise<string | undefined> {
  const key = randomBytes(16).toString('hex')
  const isReserved = await reserveImage(db, {
    key, userId, byteCount: 100, creditBytes: 0, day: '2030-01-10', creativeCount: 1, limits: off, ...given
  })
  return isReserved ? key : undefined
}

const used = async (userId: number) => await findUsage(db, userId).then((usage) => [
  usage?.byte_count, usage?.counted_on, usage?.creative_count
])

t.test('a reservation reserves its bytes, completion corrects them to the size of the image, and discarding releases them', async (t) => {
  const { id } = await createUser(db)
  const key = await reserve(id) ?? ''
  t.equal(await findImageState(db, key), 'pending')
  t.same(await used(id), [100, '2030-01-10', 1])
  t.equal(await completeImage(db, { key, userId: id, byteCount: 60, blobs }), true)
  t.same(await used(id), [60, '2030-01-10', 1])
  t.match(await db.selectFrom('images').selectAll().where('key', '=', key).executeTakeFirst(), {
    user_id: id, state: 'ready', quota_bytes: 60, counted_on: '2030-01-10', blobs
  })
  t.equal(await completeImage(db, { key, userId: id, byteCount: 10, blobs }), false, 'an image is completed once')
  t.equal(await discardImage(db, key, 'pending'), false, 'the image is not pending')
  await deleteDiscardedImage(db, key)
  t.equal(await findImageState(db, key), 'ready')
  t.equal(await discardImage(db, key, 'ready'), true)
  t.same(await used(id), [0, '2030-01-10', 1], 'a discarded upload still counts for the day')
  t.equal(await discardImage(db, key, 'ready'), false, 'an image is discarded once')
  await deleteDiscardedImage(db, key)
  t.equal(await findImageState(db, key), undefined)
  t.equal(await discardImage(db, key, 'pending'), false)
})

t.test('an image that never became ready is removed from the count of its day, unless the day is over', async (t) => {
  const { id } = await createUser(db)
  const [first, second] = [await reserve(id) ?? '', await reserve(id) ?? '']
  t.equal(await discardImage(db, first, 'pending'), true)
  t.same(await used(id), [100, '2030-01-10', 1])
  await reserve(id, { day: '2030-01-11' })
  await discardImage(db, second, 'pending')
  t.same(await used(id), [100, '2030-01-11', 1])
})

t.test('an instance with a slow clock counts for the day that has begun', async (t) => {
  const { id } = await createUser(db)
  await reserve(id, { day: '2030-01-11' })
  const late = await reserve(id) ?? ''
  t.same(await used(id), [200, '2030-01-11', 2])
  await discardImage(db, late, 'pending')
  t.same(await used(id), [100, '2030-01-11', 1])
})

t.test('a replacement does not count for the day, and is credited with the bytes of the replaced image', async (t) => {
  const { id } = await createUser(db)
  const limits = { byteCount: 250, creativesPerDay: 1 }
  t.ok(await reserve(id, { limits, byteCount: 200 }))
  t.notOk(await reserve(id, { limits, byteCount: 1 }), 'the limit is one creative per day')
  t.notOk(await reserve(id, { limits, creativeCount: 0, creditBytes: 49 }))
  const key = await reserve(id, { limits, creativeCount: 0, creditBytes: 50 }) ?? ''
  t.same(await used(id), [300, '2030-01-10', 1])
  await discardImage(db, key, 'pending')
  t.same(await used(id), [200, '2030-01-10', 1])
})

t.test('the image of a deleted user can be discarded', async (t) => {
  const { id } = await createUser(db)
  const key = await reserve(id) ?? ''
  await db.deleteFrom('users').where('id', '=', id).execute()
  t.equal(await discardImage(db, key, 'pending'), true)
  t.equal(await findImageState(db, key), 'discarded')
  t.same(await used(id), [undefined, undefined, undefined])
})

t.test('a first upload beyond the limit is refused, and one of an unknown user is an error', async (t) => {
  const { id } = await createUser(db)
  t.notOk(await reserve(id, { limits: { byteCount: 99, creativesPerDay: 0 } }))
  t.ok(await reserve(id, { limits: { byteCount: 100, creativesPerDay: 0 } }))
  await t.rejects(reserve(0), { code: '23503' })
})
