
import{blockOutput}from"./chunk-ZWISDCFW.js";import{failureText,outcomeText}from"./chunk-SSVJ3IJY.js";import{formatProblem}from"./chunk-ZE6VVGJL.js";function terminalScreen({quiet}){blockOutput();let print=text=>process.stderr.write(text),say=text=>{quiet||print(`${text}
`)},atLineStart=!0;return{open:image=>say(`==> ${image.tags[0]??image.id}`),write:chunk=>{quiet||(print(chunk),atLineStart=chunk.at(-1)===10)},close:result=>{atLineStart||say(""),atLineStart=!0,say(`<== ${outcomeText(result)}`),result.failure&&print(`${failureText(result)}
`)},leave:result=>say(`--- ${outcomeText(result)}`),warn:({message,file,position})=>{say(`warning: ${formatProblem({place:file===void 0?void 0:{file,position},message})}`)},note:message=>say(message)}}export{terminalScreen};
