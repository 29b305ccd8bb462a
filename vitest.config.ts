import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{cdk,cli,functions,local,shared,test}/**/*.test.ts'],
    setupFiles: ['test/property-seed.ts'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    pool: 'forks',
  },
})
