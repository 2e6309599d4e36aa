/**
 * A matcher for a glob in which `*` is any text, `/` too, and `?` any character; all else stands for
 * itself. It goes back to the last star only, so that no glob takes more than the product of lengths.
 */
export function wildcardMatcher(glob: string): (text: string) => boolean {
  return text => {
    let at = 0
    let star = -1
    let resume = 0
    for (let here = 0; here < text.length; ) {
      if (glob[at] === '*') {
        star = at
        resume = here
        at += 1
      } else if (at < glob.length && (glob[at] === '?' || glob[at] === text[here])) {
        at += 1
        here += 1
      } else if (star >= 0) {
        resume += 1
        here = resume
        at = star + 1
      } else return false
    }
    return /^\**$/.test(glob.slice(at))
  }
}
