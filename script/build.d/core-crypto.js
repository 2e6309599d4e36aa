// What @actions/core takes of node:crypto: a word that nobody can guess.
import { randomWord } from '../../src/adapters/random.js'

export const randomUUID = () => randomWord(16)
