// The promise that matters most here: nothing of the run reaches the real AWS.
import { expect, it } from 'vitest'
import { emulatedAccount } from './emulated-account.ts'

it('refuses every address but this machine’s own, and none at all', () => {
  expect(() => emulatedAccount(undefined)).toThrow('Nothing was sent')
  expect(() => emulatedAccount('https://sqs.us-east-1.amazonaws.com')).toThrow('never speaks to another one')
  expect(() => emulatedAccount('http://127.0.0.1.example.com:4566')).toThrow('never speaks to another one')
  expect(emulatedAccount('https://127.0.0.1:4566').clients.endpoint).toBe('https://127.0.0.1:4566')
})

it('hands no child a credential, a profile or an address of whoever started the run', () => {
  process.env.AWS_PROFILE = 'production'
  process.env.AWS_SESSION_TOKEN = 'a-real-one'
  try {
    const { environment } = emulatedAccount('http://127.0.0.1:4566')
    expect(environment.AWS_PROFILE).toBeUndefined()
    expect(environment.AWS_SESSION_TOKEN).toBeUndefined()
    expect(environment.AWS_ENDPOINT_URL).toBe('http://127.0.0.1:4566')
    expect(environment.AWS_ACCESS_KEY_ID).toBe('test')
  } finally {
    delete process.env.AWS_PROFILE
    delete process.env.AWS_SESSION_TOKEN
  }
})
