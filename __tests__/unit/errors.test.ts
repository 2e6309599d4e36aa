import { describe, expect, it } from 'vitest'
import {
  ChainError,
  type ErrorCode,
  exitStatus,
  formatError,
  formatPlace,
  formatProblem
} from '../../src/errors.js'

const position = { line: 3, column: 7 }

describe('ChainError', () => {
  it('keeps its code, words, remedy, place and cause', () => {
    const cause = new Error('EACCES')
    const where = { file: 'docker/IMAGES.json', position }
    const error = new ChainError('FILE_UNREADABLE', 'cannot be read', {
      hint: 'chmod',
      where,
      cause
    })
    expect(error).toBeInstanceOf(Error)
    expect(error).toMatchObject({
      name: 'ChainError',
      code: 'FILE_UNREADABLE',
      message: 'cannot be read',
      hint: 'chmod',
      where,
      cause,
      problems: []
    })
  })

  it('has no cause where none is given', () => {
    expect('cause' in new ChainError('BUILD_FAILED', 'x', { hint: 'y' })).toBe(false)
  })
})

describe('a place', () => {
  it('is FILE:LINE:COLUMN, or the file where that is all there is', () => {
    expect(formatPlace({ file: 'a.json', position })).toBe('a.json:3:7')
    expect(formatPlace({ file: 'a.json' })).toBe('a.json')
  })

  it('stands before the words of a problem that has one', () => {
    expect(formatProblem({ place: { file: 'a.json', position }, message: 'found 1' })).toBe(
      'a.json:3:7: found 1'
    )
    expect(formatProblem({ message: 'found 1' })).toBe('found 1')
  })
})

describe('the text of an error', () => {
  it('is its place, its words and on a line of its own the remedy', () => {
    const where = { file: 'a.json', position }
    const error = new ChainError('FILE_UNREADABLE', 'cannot be read', { where, hint: 'Mend it.' })
    expect(formatError(error)).toBe('a.json:3:7: cannot be read\nMend it.')
  })

  it('has every problem on a line of its own', () => {
    const problems = [
      { place: { file: 'a.json', position }, message: 'one' },
      { place: { file: 'b.json' }, message: 'two' },
      { message: 'three' }
    ]
    const error = new ChainError('MANIFEST_INVALID', 'the manifest is not valid', {
      problems,
      hint: 'See docs.'
    })
    expect(formatError(error)).toBe('a.json:3:7: one\nb.json: two\nthree\nSee docs.')
  })

  it('keeps the stack of a bug, whose place in the program is what helps', () => {
    const bug = new TypeError('x is not a function')
    expect(formatError(bug)).toBe(bug.stack)
  })

  it('is there for whatever was thrown', () => {
    expect(formatError('a text')).toBe('a text')
    expect(formatError(undefined)).toBe('undefined')
    expect(formatError(Object.assign(new Error('bare'), { stack: undefined }))).toBe('bare')
  })
})

describe('the exit status', () => {
  const statuses: Readonly<Record<ErrorCode, number>> = {
    OPTIONS_INVALID: 2,
    MANIFEST_NOT_FOUND: 2,
    MANIFEST_INVALID: 2,
    SELECTION_EMPTY: 2,
    CHAIN_CYCLE: 2,
    FILE_MISSING: 1,
    FILE_UNREADABLE: 1,
    TEMPLATE_INVALID: 1,
    ENGINE_UNAVAILABLE: 3,
    TOOL_MISSING: 3,
    BUILD_FAILED: 1,
    BUILD_TIMEOUT: 1,
    IMAGE_NOT_FOUND: 1,
    INTERRUPTED: 130,
    CHECK_FAILED: 1,
    PUSH_FAILED: 1,
    TEST_FAILED: 1,
    DOWNLOAD_FAILED: 3,
    VERIFICATION_FAILED: 3,
    PLUGIN_FAILED: 3,
    OUTPUT_UNWRITABLE: 1,
    MOUNT_UNREACHABLE: 3
  }

  it.each(Object.entries(statuses))('of %s is %i', (code, status) => {
    expect(exitStatus(new ChainError(code as ErrorCode, 'x', { hint: 'y' }))).toBe(status)
  })

  it('of a bug is 1', () => {
    expect(exitStatus(new Error('bug'))).toBe(1)
    expect(exitStatus('text')).toBe(1)
  })
})
