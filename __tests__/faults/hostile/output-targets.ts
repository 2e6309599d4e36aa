import fc from 'fast-check'
import { outputFence } from '../../../src/adapters/output-fence.js'
import { followLayers } from '../../../src/builders/classic-layers.js'
import { packerOutput } from '../../../src/builders/packer-output.js'
import { isTelling } from '../../../src/builders/telling-value.js'
import type { PlannedImage } from '../../../src/chain/plan.js'
import { planJson } from '../../../src/chain/plan.js'
import { bakeFile } from '../../../src/report/bake-file.js'
import { failureCause } from '../../../src/report/failure-cause.js'
import { fitOutputs } from '../../../src/report/fit-outputs.js'
import { gitlabPipeline } from '../../../src/report/gitlab-pipeline.js'
import {
  htmlText,
  markdownBlock,
  markdownCode,
  markdownText
} from '../../../src/report/markdown-text.js'
import { openMasker } from '../../../src/report/masker.js'
import { mermaidGraph } from '../../../src/report/mermaid-graph.js'
import { mermaidText } from '../../../src/report/mermaid-text.js'
import { buildOutputs, planOutputs } from '../../../src/report/outputs.js'
import { runPage } from '../../../src/report/page.js'
import { oneLine, plainText } from '../../../src/report/plain-text.js'
import { planText } from '../../../src/report/plan-text.js'
import { reportJson } from '../../../src/report/report.js'
import {
  errorSummary,
  planSummary,
  runSummary,
  SUMMARY_LIMIT
} from '../../../src/report/summary.js'
import { traceJson } from '../../../src/report/trace.js'
import { unifiedDiff } from '../../../src/report/unified-diff.js'
import { shellLine } from '../../../src/run/command-line.js'
import type { ImageResult, ImageStatus } from '../../../src/run/events.js'
import { pushTransientReason } from '../../../src/run/push-failures.js'
import { transientReason } from '../../../src/run/transient.js'
import { evilTexts, mutated } from '../../fixtures/hostile-text.js'
import { anImage, aPlannedImage, aResult } from '../../fixtures/image.js'
import { aFailure, aPlan } from '../../fixtures/sample-run.js'
import { must, type Target, target } from './target.js'

const OUTPUT = [
  '1610000000,,ui,say,==> docker: Creating\\n\n1610000000,docker,artifact,0,string,Imported Docker image: acme/app:1 with tags a%!(PACKER_COMMA)b\n',
  `1610000000,docker,ui,say,    docker: Container ID: ${'a'.repeat(64)}\n`,
  'Step 2/3 : RUN x\n ---> Running in aaaaaaaaaaaa\nboom\n ---> bbbbbbbbbbbb\n',
  '#7 ERROR: process "/bin/sh -c x" did not complete successfully: exit code: 1\n------\n > [2/3] RUN x:\n------\nDockerfile:2\n',
  'E: Unable to locate package x\nfailed to copy: httpReadSeeker: pull x unexpected EOF\nnet/http: TLS handshake timeout\n'
]
const WORDS = [
  '\n',
  '\r',
  '\r\n',
  ',',
  '\\n',
  '%!(PACKER_COMMA)',
  'artifact',
  'ui',
  '1,',
  '::',
  '##[',
  '::error::',
  'pull',
  'unexpected EOF',
  'ERROR: ',
  'process "',
  '" did not complete',
  '\u001b[31m',
  '\u001b]0;x\u0007',
  '[',
  '0',
  ':a',
  '`',
  '|',
  '<',
  '&#10;'
]

const outputs = mutated(OUTPUT, WORDS)
const chunks = fc.array(
  fc.oneof(
    outputs.map(text => Buffer.from(text)),
    fc.uint8Array({ maxLength: 60 }).map(bytes => Buffer.from(bytes))
  ),
  { maxLength: 6 }
)

const statuses = fc.constantFrom<ImageStatus>('built', 'reused', 'failed', 'blocked', 'skipped')

interface Case {
  readonly planned: PlannedImage
  readonly result: ImageResult
}

const images: fc.Arbitrary<Case> = fc
  .record({
    tag: evilTexts,
    name: evilTexts,
    file: evilTexts,
    reason: evilTexts,
    line: outputs,
    status: statuses,
    builder: fc.constantFrom('dockerfile' as const, 'packer' as const),
    words: fc.array(evilTexts, { maxLength: 3 }),
    seconds: fc.option(fc.double({ min: 0, max: 1e6, noNaN: true })),
    id: fc.nat(9)
  })
  .map(({ tag, name, file, reason, line, status, builder, words, seconds, id }) => {
    const image = anImage({
      id: `${name}${id}`,
      name,
      version: tag,
      tags: [tag],
      file,
      fileAsWritten: file,
      builder,
      manifest: file,
      extraArguments: words
    })
    const planned = aPlannedImage({
      image,
      reason,
      dependsOn: [`${name}${(id + 1) % 9}`],
      expectedSeconds: seconds ?? undefined
    })
    const lastLines = line.split('\n')
    const failure = aFailure(planned, { message: reason, lastLines, advice: [reason] })
    const result = aResult({
      image,
      status,
      reason,
      seconds,
      logFile: file,
      ...(status === 'failed' ? { failure } : {})
    })
    return { planned, result }
  })

const runs = fc.array(images, { maxLength: 6 }).map(cases => ({
  plan: aPlan(cases.map(({ planned }) => planned)),
  results: cases.map(({ result }) => result),
  logs: new Map(cases.map(({ result }) => [result.image.id, { text: result.reason, leftOut: 0 }]))
}))

/** Secrets of any length, which may begin anew at each of their own places, and what begins like them. */
const secretTexts = fc.oneof(
  fc
    .tuple(fc.string({ minLength: 1, maxLength: 40 }), fc.integer({ min: 1, max: 2_000 }))
    .map(([text, times]) => text.repeat(times)),
  fc
    .array(fc.tuple(fc.constantFrom('', 'a'.repeat(60), '\\"'), fc.string()), { maxLength: 500 })
    .map(lines => lines.map(words => words.join('')).join('\n'))
)
/** Each character is escaped in many ways, some of which are the beginnings of others. */
const escapedSecrets = fc.string({
  unit: fc.constantFrom(...`\\\\\\"'%& +<>$\n`),
  minLength: 20,
  maxLength: 120
})
const printedSecrets = fc
  .record({
    secrets: fc.oneof(
      fc.array(secretTexts, { maxLength: 3 }),
      fc.array(escapedSecrets, { maxLength: 100 })
    ),
    length: fc.nat(500),
    end: fc.string({ maxLength: 3 })
  })
  .map(({ secrets, length, end }) => {
    const heads = secrets.map(secret => secret.slice(0, length) + end).join('')
    const text = heads.repeat(Math.ceil(20_000 / (heads.length + 1))).slice(0, 20_000)
    return { secrets, text: [text, ...secrets.map(secret => secret.slice(0, 5_000))].join('\n') }
  })

const bytes = (text: string) => Buffer.byteLength(text)

export const OUTPUT_TARGETS: readonly Target[] = [
  target('what Packer prints', chunks, list => {
    const { decode, rest, produced, containers } = packerOutput()
    for (const chunk of list) decode(chunk)
    rest()
    for (const id of produced().imageIds) must(/^sha256:[0-9a-f]{64}$/.test(id), id)
    for (const id of containers()) must(/^[0-9a-f]{64}$/.test(id), id)
  }),
  target('what docker build prints', chunks, list => {
    const { decode, failed } = followLayers()
    for (const chunk of list) must(decode(chunk) === chunk, 'the output was changed')
    must(/^([0-9a-f]{12})?$/.test(failed()?.layer ?? ''), 'an odd layer')
  }),
  target(
    'the fence of a log',
    fc.tuple(chunks, fc.array(outputs, { maxLength: 3 })),
    ([list, lines]) => {
      let text = ''
      let count = 0
      const fence = outputFence({
        print: said => {
          text += said.toString()
        },
        token: () => `word${count++}x`
      })
      for (const chunk of list) fence.write(chunk)
      for (const line of lines) fence.line(line)
      fence.lower()
      const raised = text.split('\n').filter(line => /^::stop-commands::word\d+x$/.test(line))
      const lowered = text.split('\n').filter(line => /^::word\d+x::$/.test(line))
      must(raised.length >= lowered.length && raised.length === count, 'the fence was left open')
    }
  ),
  target('the cause of a failure', fc.array(outputs, { maxLength: 5 }), texts => {
    const lastLines = texts.flatMap(text => text.split('\n'))
    failureCause({ lastLines })
    transientReason(lastLines)
    pushTransientReason(lastLines)
  }),
  target('text that is shown', fc.oneof(evilTexts, outputs), text => {
    const plain = plainText(text)
    must(!/[\0-\x08\x0b-\x1f\x7f-\x9f]/.test(plain), 'a control character is left')
    must(!/[\r\n]/.test(oneLine(text)) && oneLine(text).length <= 300, 'more than a line')
    must(!/[<>"]/.test(htmlText(text)), 'a mark of HTML is left')
    must(
      !/<(?!\/?(?:span|code)>)/.test(
        markdownText(text) + markdownCode(text).replace(/^`[^`]*`$/, '')
      ),
      'a tag is left'
    )
    must(!/<(?!\/?pre>)/.test(markdownBlock([text])), 'a tag is left in a block')
    must(!/["\n<>]/.test(mermaidText(text)), 'a mark of Mermaid is left')
  }),
  target('secrets in what a builder prints', printedSecrets, ({ secrets, text }) => {
    const masker = openMasker(secrets.map(value => ({ name: 'TOKEN', value })))
    const stream = masker.stream()
    const shown = Buffer.concat([...stream.write(Buffer.from(text)), ...stream.end()]).toString()
    for (const secret of secrets) {
      const value = secret.trim()
      must(!isTelling(value) || !shown.includes(value), 'a secret is shown')
    }
  }),
  target('the command line that is shown', fc.array(evilTexts, { maxLength: 5 }), args => {
    shellLine({ tool: 'docker', args })
  }),
  target('a summary and a page', runs, ({ plan, results, logs }) => {
    must(bytes(runSummary(plan, results)) <= SUMMARY_LIMIT, 'the summary is too large')
    must(bytes(planSummary(plan)) <= SUMMARY_LIMIT, 'the summary of a plan is too large')
    errorSummary(results[0]?.reason ?? '')
    const page = runPage({ plan, results, logs })
    must(
      !/<(script|iframe|img|link|object|embed|meta http-equiv="refresh")/i.test(page),
      'the page has something active'
    )
  }),
  target('outputs, report and trace', runs, ({ plan, results }) => {
    JSON.parse(reportJson({ plan, results, packer: undefined }))
    JSON.parse(traceJson(plan, results))
    fitOutputs(buildOutputs(results))
    fitOutputs(planOutputs(plan))
    JSON.stringify(planJson(plan))
    planText(plan)
  }),
  target('a plan for other programs', runs, ({ plan }) => {
    JSON.parse(bakeFile(plan).text)
    mermaidGraph(plan)
    gitlabPipeline(plan, { wordOf: id => id, options: [] })
  }),
  target('differences of files', fc.tuple(outputs, outputs), ([before, text]) => {
    unifiedDiff({ name: 'x', before, text } as never)
  })
]
