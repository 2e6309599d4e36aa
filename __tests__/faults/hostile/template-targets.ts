import fc from 'fast-check'
import { startArguments } from '../../../src/builders/container-start.js'
import { packerFixes } from '../../../src/builders/packer-fix.js'
import { fillTemplate, templateProblems } from '../../../src/builders/packer-template.js'
import { replaceMounts } from '../../../src/builders/run-arguments.js'
import {
  environmentText,
  milliseconds,
  shellCommand,
  shellUploads
} from '../../../src/builders/shell-step.js'
import { readTemplate, type Template, type TemplateText } from '../../../src/builders/template.js'
import { type GoScope, renderGo, renderGoFully } from '../../../src/builders/template-go.js'
import { readRunCommand, readVolume } from '../../../src/builders/template-run-command.js'
import { known } from '../../../src/builders/template-value.js'
import { probeTemplate } from '../../../src/packer/plugin-question.js'
import { originOf } from '../../../src/packer/plugin-table.js'
import { wantedPlugins } from '../../../src/packer/wanted-plugins.js'
import { evilTexts, evilValues, mutated } from '../../fixtures/hostile-text.js'
import { must, type Target, target } from './target.js'
import {
  HCL_JSON_TEMPLATES,
  HCL_TEMPLATES,
  JSON_TEMPLATES,
  TEMPLATE_WORDS,
  VARIABLE_FILES
} from './template-samples.js'

interface Given {
  readonly cli?: readonly (readonly [string, string])[]
  readonly files?: readonly TemplateText[]
}

const read = (files: readonly TemplateText[], { cli = [], files: variables = [] }: Given = {}) =>
  readTemplate({
    files,
    variables: { cli: new Map(cli), files: variables, env: { HOME: '/root', PKR_VAR_a: '[' } },
    workingDirectory: '/srv/project',
    templateDirectory: '/srv/project/packer'
  })

const NAMES = { buildName: 'a', builderType: 'docker' }

/** What is made of a template's steps: all of it has to be made, too. */
function useSteps({ builders, components, requiredPlugins }: Template): void {
  for (const builder of builders) {
    for (const step of builder.steps) {
      if (step.kind !== 'shell') continue
      shellUploads(step)
      environmentText(step, NAMES)
      shellCommand(step, '/tmp/x', NAMES)
    }
  }
  const all = components.builders.map(type => ({ kind: 'builder' as const, type }))
  for (const component of all) originOf(component)
  probeTemplate(all)
  wantedPlugins([{ components, requiredPlugins, file: 'x' }])
}

async function hold(name: string, text: string, given?: Given): Promise<void> {
  const template = await read([{ path: `/srv/project/packer/${name}`, text }], given)
  useSteps(template)
  for (const { place } of template.problems) {
    must((place?.position?.line ?? 1) <= text.split('\n').length, 'a problem has no place')
  }
}

const json = mutated(JSON_TEMPLATES, TEMPLATE_WORDS)
const hcl = mutated(HCL_TEMPLATES, TEMPLATE_WORDS)
const pairs = fc.array(
  fc.tuple(fc.oneof(fc.constantFrom('a', 'b', '__proto__'), evilTexts), evilTexts),
  {
    maxLength: 3
  }
)

const scope: GoScope = {
  user: name => known(`{{user \`${name}\`}}`),
  workingDirectory: '/srv/project'
}

/** A template of variables that name one another: their texts may grow with each. */
const bombs = fc.integer({ min: 2, max: 60 }).map(count =>
  [...Array(count).keys()].map(at => ({
    json: `"v${at}":"${`{{user \`v${at + 1}\`}}`.repeat(3)}"`,
    hcl: `v${at} = "${'${local.v'.concat(String(at + 1), '}').repeat(3)}"`,
    list: `l${at} = [${Array(3).fill(`local.l${at + 1}`)}]`
  }))
)

/** Calls of functions with large values, whose work or outcome is the product of two. */
const largeCalls = fc
  .record({
    items: fc.nat(50_000),
    long: fc.nat(90_000),
    by: fc.constantFrom('', 'a', 'x/../', '\u0301\u0316', '\n', '/'),
    call: fc.constantFrom(
      ...['join(local.t, local.l)', 'contains(local.l, local.t)', 'replace(local.t, "a", local.t)'],
      ...['trim(local.t, local.t)', 'split("a", local.t)', 'dirname(local.t)', 'file(local.t)'],
      ...['[for x in local.l : local.t]', 'concat(local.l, local.l)', 'chomp(local.t)']
    )
  })
  .map(({ items, long, by, call }) => {
    const text = JSON.stringify(by.repeat(long / Math.max(1, by.length)))
    const calls = [...Array(20).keys()].map(at => `c${at} = ${call}`).join('\n')
    return `t = ${text}\nl = [${Array(items).fill('""')}]\n${calls}`
  })

const expressions = mutated(
  [
    '1 + 2 * (3 - 4) / 5 % 6',
    '[for x in [1,2,3] : x * 2 if x > 1]',
    '{ for k, v in { a = 1 } : k => v... }',
    'join("-", split(",", "a,b"))',
    'a.b[0].*.c[*].d',
    '"a${"b${"c"}"}"',
    'true ? [1] : {a = 2}'
  ],
  TEMPLATE_WORDS
)

const words = fc.array(
  fc.oneof(
    evilTexts,
    fc.constantFrom(
      '-v',
      '--volume',
      '/a:/b:ro',
      '--mount',
      'type=bind,src=/,dst=/x',
      '-dit',
      '--privileged',
      '{{.Image}}',
      '--env-file=/x',
      '-e',
      'A',
      '--name={{timestamp}}',
      '/sbin/init'
    )
  ),
  { maxLength: 10 }
)

export const TEMPLATE_TARGETS: readonly Target[] = [
  target('a JSON template', fc.tuple(json, pairs), ([text, cli]) => hold('t.json', text, { cli })),
  target('any JSON in place of a template', evilValues, value =>
    hold(
      't.json',
      JSON.stringify({
        builders: [value],
        variables: value,
        provisioners: value,
        'post-processors': value
      })
    )
  ),
  target('an HCL template', fc.tuple(hcl, pairs), ([text, cli]) =>
    hold('t.pkr.hcl', text, { cli })
  ),
  target('HCL in JSON', mutated(HCL_JSON_TEMPLATES, TEMPLATE_WORDS), text =>
    hold('t.pkr.json', text)
  ),
  target('any JSON in place of HCL', evilValues, value =>
    hold(
      't.pkr.json',
      JSON.stringify({
        locals: value,
        variable: value,
        source: { docker: { one: value } },
        build: value
      })
    )
  ),
  target('calls of HCL with large values', largeCalls, locals =>
    hold('t.pkr.hcl', `locals {\n${locals}\n}\n${HCL_TEMPLATES[1]}`)
  ),
  target('expressions of HCL', expressions, text =>
    hold('t.pkr.hcl', `locals {\n  a = ${text}\n}\n${HCL_TEMPLATES[1]}`)
  ),
  target(
    'templates of many builds',
    fc.tuple(fc.nat(3_000), fc.nat(3_000), fc.nat(3_000)),
    async ([builds, provisioners, posts]) => {
      const many = (count: number, type: string) =>
        Array.from({ length: count }, (_, at) => ({ type, name: `n${at}` }))
      const json = JSON.stringify({
        builders: many(builds, 'docker'),
        provisioners: many(provisioners, 'shell'),
        'post-processors': many(posts, 'docker-tag').map(each => [each])
      })
      await read([{ path: '/t.json', text: json }])
      const inner = 'provisioner "shell" {}\n'.repeat(provisioners)
      const sources = Array(builds).fill('"source.docker.a"').join()
      const hcl = `source "docker" "a" {}\nbuild {\nsources = [${sources}]\n${inner}}\n`
      await read([{ path: '/t.pkr.hcl', text: hcl }])
    }
  ),
  target('files of variables', mutated(VARIABLE_FILES, TEMPLATE_WORDS), text =>
    hold('t.pkr.hcl', HCL_TEMPLATES[0] ?? '', {
      files: [{ path: text.startsWith('{') ? '/v.pkrvars.json' : '/v.pkrvars.hcl', text }]
    })
  ),
  target('variables that name one another', bombs, async chain => {
    const builders = '"builders":[{"type":"docker","image":"{{user `v0`}}"}]'
    await hold(
      't.json',
      `{"variables":{${chain.map(each => each.json)},"v${chain.length}":"aaa"},${builders}}`
    )
    for (const kind of ['hcl', 'list'] as const) {
      const locals = chain.map(each => each[kind]).join('\n')
      const last = `v${chain.length} = "aaa"\nl${chain.length} = 1\nall = flatten(local.l0)`
      await hold('t.pkr.hcl', `locals {\n${locals}\n${last}\n}\n${HCL_TEMPLATES[1]}`)
    }
  }),
  target(
    'templates of Go',
    mutated(
      [
        '{{user `a`}} {{ upper `x` | lower }}',
        '{{- env "X" -}}',
        '{{split (user `a`) "," 1}}',
        '{{/* x */}}'
      ],
      TEMPLATE_WORDS
    ),
    text => {
      renderGo(text, scope)
      renderGoFully(text, scope)
    }
  ),
  target('a run_command', words, list => {
    const values = list.map(known)
    readRunCommand(values)
    for (const value of values) readVolume(value, path => path)
    replaceMounts(list, mount => [mount, { ...mount, host: '/other' }])
  }),
  target(
    'arguments of a start',
    fc.tuple(words, fc.array(fc.tuple(evilTexts, evilTexts))),
    ([list, volumes]) => {
      startArguments(
        {
          runCommand: list.map(known),
          volumes: volumes.map(([host, path]) => [known(host), known(path)]),
          privileged: false,
          capAdd: [],
          capDrop: [],
          device: [],
          tmpfs: [],
          containerDir: undefined,
          runtime: undefined,
          platform: undefined
        } as never,
        { image: 'acme/x:1', own: [], home: '/root', entrypoint: ['/x'] }
      )
    }
  ),
  target(
    'a template that is generated',
    fc.tuple(json, fc.tuple(evilTexts, evilTexts)),
    ([text, [name, version]]) => {
      const filled = fillTemplate(text, { name, version } as never)
      templateProblems('packer.json', filled)
      templateProblems('packer.json', text)
    }
  ),
  target('what packer fix says', fc.tuple(json, json), ([text, fixed]) => {
    packerFixes({ path: 'a.json', text, fixed })
  }),
  target('durations', mutated(['1m30s', '1.5h', '300ms'], ['1', '.', 'm', 's', '0']), text => {
    must(milliseconds(text) >= 0, 'a negative time')
  })
]
