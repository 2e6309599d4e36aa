/**
 * An abort that comes with the first SIGINT or SIGTERM; without a handler Node would end at once
 * and leave builders and containers behind.
 */
export function onInterrupt(): { readonly signal: AbortSignal; readonly release: () => void } {
  const controller = new AbortController()
  const abort = () => controller.abort()
  process.on('SIGINT', abort)
  process.on('SIGTERM', abort)
  const release = () => {
    process.off('SIGINT', abort)
    process.off('SIGTERM', abort)
  }
  return { signal: controller.signal, release }
}
