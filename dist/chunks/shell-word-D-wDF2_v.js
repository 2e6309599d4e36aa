"use strict";const ANSWER=`::build-chain-answer::`,answerLine=e=>`\n${ANSWER}${JSON.stringify({value:e})}\n`;function answersIn(e){return e.split(`
`).slice(0,-1).filter(e=>e.startsWith(ANSWER)).map(e=>JSON.parse(e.slice(22)).value)}const saidIn=e=>e.split(`
`).filter(e=>e!==``&&!e.startsWith(ANSWER)).join(`
`),shellWord=e=>`'${e.replaceAll(`'`,`'\\''`)}'`;exports.answerLine=answerLine,exports.answersIn=answersIn,exports.saidIn=saidIn,exports.shellWord=shellWord;