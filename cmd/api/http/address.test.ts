import assert from 'node:assert/strict'
import type { IncomingMessage } from 'node:http'
import { addressGroup } from '#internal/accounts/address-group'
import { clientAddress } from './address.ts'

describe('the address of a client', () => {
  const from = (forwarded: string | undefined, proxies: number, remoteAddress = '::ffff:10.0.0.1') =>
    clientAddress(
      { headers: { 'x-forwarded-for': forwarded }, socket: { remoteAddress } } as unknown as IncomingMessage,
      proxies,
    )

  it('is that of the connection where no proxy is trusted', () => assert.equal(from('1.2.3.4', 0), '10.0.0.1'))
  it('is what the outermost trusted proxy saw', () => {
    assert.equal(from('6.6.6.6, 1.2.3.4', 1), '1.2.3.4')
    assert.equal(from('6.6.6.6, 1.2.3.4, 10.0.0.2', 2), '1.2.3.4')
    assert.equal(from('1.2.3.4', 3), '1.2.3.4')
  })
  it('has no port and no brackets', () => {
    assert.equal(from('1.2.3.4:567', 1), '1.2.3.4')
    assert.equal(from('[2001:db8::1]:567', 1), '2001:db8::1')
  })
  it('is that of the connection where the header says nothing useful', () => {
    for (const header of ['', 'unknown', "'; drop", undefined]) assert.equal(from(header, 1), '10.0.0.1')
  })
  it('counts with its /64 when it is IPv6', () => {
    assert.equal(addressGroup('1.2.3.4'), '1.2.3.4')
    assert.equal(addressGroup('::1'), '0:0:0:0::/64')
    assert.equal(addressGroup('2001:0DB8:1:2:3:4:5:6'), '2001:db8:1:2::/64')
    assert.equal(addressGroup('2001:db8::'), '2001:db8:0:0::/64')
  })
})
