import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Template, TemplateBuilder } from '../../src/builders/template.js'
import { readTemplate } from '../../src/builders/template.js'
import type { Value } from '../../src/builders/template-value.js'
import { temporaryFolder } from '../fixtures/temporary-folder.js'
import { JSON_CASES } from './template-oracle-cases.js'
import {
  askPacker,
  layOut,
  type OracleAnswer,
  type OracleCase,
  type OraclePacker
} from './template-oracle-packer.js'
