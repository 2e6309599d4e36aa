import fc from 'fast-check'
import { expect, it } from 'vitest'
import { answerLine, answersIn, saidIn } from '../../../../src/adapters/stores/program-answer.js'

const lines = fc.array(fc.oneof(fc.constantFrom('', 'one', '::warning::x'), fc.string()), {
  maxLength: 3
})

it('answers are found between all else that a program prints, and told apart from it', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(lines, fc.jsonValue())), lines, (said, last) => {
      const answers = said.map(([, answer]) => answer)
      const printed = said.map(([text, answer]) => text.join('\n') + answerLine(answer))
      const output = [...printed, last.join('\n')].join('')
      expect(answersIn(output)).toEqual(JSON.parse(JSON.stringify(answers)))
      const texts = [...said.map(([text]) => text), last].flat().join('\n')
      expect(saidIn(output)).toBe(texts.split('\n').filter(Boolean).join('\n'))
    })
  )
})

it('an answer that is not whole yet is none', () => {
  const line = answerLine({ what: 'done' })
  for (let length = 0; length < line.length; length += 1) {
    expect(answersIn(line.slice(0, length))).toEqual([])
  }
  expect(answersIn(line)).toEqual([{ what: 'done' }])
})
