import { expect, test } from 'vitest'
import * as errors from './errors.ts'
import { ERRORS, HandoverError } from './errors.ts'

const classes = Object.values(errors).filter((each) => typeof each === 'function' && each.prototype instanceof HandoverError)

test.each(classes.map((each) => [each.name, each as new (...parts: string[]) => HandoverError]))(
  '%s has a code that the table explains',
  (name, each) => {
    const error = name === 'LakeError' || name === 'WarehouseError' ? new each('DISK_FULL', 'It is full.') : new each('It did not work.')
    expect(ERRORS).toHaveProperty(error.code)
    expect(error).toBeInstanceOf(HandoverError)
    expect(error.name).toBe(name)
    expect(error.message).toMatch(/^It/)
  },
)

test('every explanation is a sentence that says what to do', () => {
  for (const { title, todo } of Object.values(ERRORS)) {
    expect(title).toMatch(/^[A-Z].*[^.]$/)
    expect(todo).toMatch(/^[A-Z].*\.$/)
  }
})
