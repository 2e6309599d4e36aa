import type { Image } from '../manifest/image.js'
import { hashOf } from './fingerprint.js'
import type { ImageRecord } from './record.js'

/** Stands for the test of an image: another test has another one; undefined where there is none. */
export function testIdentity({ test }: Pick<Image, 'test'>): string | undefined {
  return test === undefined ? undefined : hashOf(JSON.stringify(test))
}

/** Whether an image has a test that it has not passed as it is. */
export function needsTest(image: Image, record: ImageRecord | undefined): boolean {
  return image.test !== undefined && record?.tested !== testIdentity(image)
}
