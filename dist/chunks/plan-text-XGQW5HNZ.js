import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);
import{planJson}from"./chunk-HHOU3L6P.js";import{shellLine}from"./chunk-A5LF5WBN.js";import{__name}from"./chunk-B45Q4GJR.js";function printPlan(plan,format){return format==="json"?`${JSON.stringify(planJson(plan),null,2)}
`:planText(plan)}__name(printPlan,"printPlan");function planText(plan){let lines=plan.images.flatMap(({image,action,reason,stage,dependsOn,command},index)=>[`${index+1}. ${action} ${image.tags.join(", ")||image.id} (stage ${stage}): ${reason}`,...dependsOn.length>0?[`     on ${dependsOn.join(", ")}`]:[],`     ${shellLine(command)}`]);return lines.length>0?`${lines.join(`
`)}
`:`The chain is empty.
`}__name(planText,"planText");export{planText,printPlan};
