
function formatBytes(bytes){return bytes<1e3?`${bytes} bytes`:bytes<1e6?`${(bytes/1e3).toFixed(1)} kB`:`${(bytes/1e6).toFixed(1)} MB`}function formatSeconds(milliseconds){return`${(milliseconds/1e3).toFixed(1)} s`}export{formatBytes,formatSeconds};
