import assert from 'node:assert/strict'
import { isUnavailable } from './errors.ts'

describe('isUnavailable', () => {
  for (const message of [
    'Connection terminated unexpectedly',
    'ROLLBACK - Connection terminated unexpectedly',
    'BEGIN; - Connection terminated unexpectedly',
    'select "a" from "b" where "c" = $1 - Client has encountered a connection error and is not queryable',
    'Connection terminated due to connection timeout',
    'timeout expired',
  ])
    it(`is true of "${message}"`, () => assert.ok(isUnavailable(new Error(message))))

  for (const code of ['ECONNREFUSED', '57P01', '57P03', '08006', '53300', '40P01', '25006'])
    it(`is true of code ${code}`, () => assert.ok(isUnavailable(Object.assign(new Error('x'), { code }))))

  for (const error of [
    Object.assign(new Error('duplicate key'), { code: '23505' }),
    Object.assign(new Error('Connection terminated, says the data'), { code: '22P02' }),
    new TypeError('x is not a function'),
    new Error('select 1 - syntax error'),
  ])
    it(`is false of "${error.message}"`, () => assert.ok(!isUnavailable(error)))
})
