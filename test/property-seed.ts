// A gate must not be random: property tests draw the same cases in every run. `PROPERTY_SEED=$RANDOM npm test` draws
// others; a failure prints its seed and path either way.
import process from 'node:process'
import fc from 'fast-check'

fc.configureGlobal({ seed: Number(process.env.PROPERTY_SEED ?? 20_261_121) })
