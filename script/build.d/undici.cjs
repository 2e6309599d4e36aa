'use strict'
// What of undici is used: its index brings WebSockets, a cache and mocks along, which are half of it.
const Dispatcher = require('undici/lib/dispatcher/dispatcher.js')

Object.assign(Dispatcher.prototype, require('undici/lib/api/index.js'))
exports.Agent = require('undici/lib/dispatcher/agent.js')
exports.ProxyAgent = require('undici/lib/dispatcher/proxy-agent.js')
