import { type Budget, type Environment, UNKNOWN, type Value } from './dockerfile-values.js'

/** Build arguments as given: a value of undefined is one that is taken from where it cannot be seen. */
export type GivenArguments = ReadonlyMap<string, string | undefined>

/** What all scopes of a file share. */
export interface ScopeRules {
  readonly given: GivenArguments
  readonly budget: Budget
  /** The classic builder: ENV wins over ARG, and a stage does not inherit its base's arguments. */
  readonly classic: boolean
}

/** The value of a given argument, or undefined where none is given. */
export function givenValue(given: GivenArguments, name: string): { value: Value } | undefined {
  return given.has(name) ? { value: given.get(name) ?? UNKNOWN } : undefined
}

/** ARG before the first FROM, and the names that BuildKit defines by itself. */
export class GlobalScope implements Environment {
  readonly rules: ScopeRules
  readonly #values: Map<string, Value>

  constructor(rules: ScopeRules, predefined: ReadonlyMap<string, Value>) {
    this.rules = rules
    this.#values = new Map(predefined)
  }

  get budget(): Budget {
    return this.rules.budget
  }

  get(name: string): Value {
    return this.#values.get(name)
  }

  /** ARG: the given value, else its default, else what was there. */
  declare(name: string, fallback: Value): void {
    const given = givenValue(this.rules.given, name)
    const value = given ? given.value : fallback
    if (value !== undefined) this.#values.set(name, value)
  }
}

/** What an outside base is known to set: undefined where that is not known. */
export type BaseEnvironment = ReadonlyMap<string, string> | undefined

/** Variables of one stage, seen from the instruction that was read last. */
export class StageScope implements Environment {
  readonly #globals: GlobalScope
  readonly #base: StageScope | BaseEnvironment
  #environment: Map<string, Value> | undefined
  #arguments: Map<string, Value> | undefined
  #anyName = false

  constructor(globals: GlobalScope, base: StageScope | BaseEnvironment) {
    this.#globals = globals
    this.#base = base
  }

  get budget(): Budget {
    return this.#globals.budget
  }

  /**
   * BuildKit: what this stage set last, else what the base's image sets, else an ARG of the base,
   * which its image does not carry. The classic builder: the image's, else an ARG of this stage.
   */
  get(name: string): Value {
    const { classic } = this.#globals.rules
    const own = this.#arguments?.get(name)
    if (!classic && own !== undefined) return own
    const value = this.#fromEnvironment(name)
    if (value !== undefined) return value
    return classic ? own : this.#fromBaseArguments(name)
  }

  #fromEnvironment(name: string): Value {
    for (let scope: StageScope | undefined = this; scope; scope = scope.#next()) {
      if (scope.#anyName || !this.budget.spend(1)) return UNKNOWN
      if (scope.#environment?.has(name)) return scope.#environment.get(name)
      const base: StageScope | BaseEnvironment = scope.#base
      if (base && !(base instanceof StageScope)) return base.get(name)
    }
    return UNKNOWN
  }

  #fromBaseArguments(name: string): Value {
    for (let scope = this.#next(); scope; scope = scope.#next()) {
      if (!this.budget.spend(1)) return UNKNOWN
      const value = scope.#arguments?.get(name)
      if (value !== undefined) return value
    }
    return undefined
  }

  /** The stage that this one stands on. */
  #next(): StageScope | undefined {
    return this.#base instanceof StageScope ? this.#base : undefined
  }

  /** ENV; a name that cannot be told may be any, so that no variable is known after it. */
  set(name: Value, value: Value): void {
    if (typeof name === 'string') {
      this.#environment = (this.#environment ?? new Map()).set(name, value)
      this.#arguments?.delete(name)
    } else {
      this.#anyName = true
      this.#arguments = undefined
    }
  }

  /** ARG: the given value, else its default, else the global one. */
  declare(name: string, fallback: Value): void {
    const { given, classic } = this.#globals.rules
    const value = (givenValue(given, name) ?? { value: fallback ?? this.#globals.get(name) }).value
    if (value !== undefined) this.#arguments = (this.#arguments ?? new Map()).set(name, value)
    else if (classic) this.#arguments?.delete(name)
  }
}
