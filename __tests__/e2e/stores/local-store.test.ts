import { describeStore } from './contract.js'
import { openLocalRig } from './local-rig.js'

describeStore('local', openLocalRig)
