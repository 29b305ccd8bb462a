// The one script of the pages: it copies a text for a ticket. Without it the text lies open in its box, to be copied by
// hand. It lies in the page, named in the page's policy by its hash, so that no other script can run.
import { createHash } from 'node:crypto'

export const COPY_SCRIPT = `
for (const button of document.querySelectorAll('button[data-copies]')) {
  const box = document.getElementById(button.dataset.copies)
  button.hidden = false
  button.addEventListener('click', async () => {
    let isCopied = true
    try {
      await navigator.clipboard.writeText(box.value)
    } catch {
      box.closest('details').open = true
      box.select()
      isCopied = document.execCommand('copy')
    }
    button.textContent = isCopied ? 'Copied' : 'Copy it from the box'
  })
}
`

export const COPY_SCRIPT_HASH = `sha256-${createHash('sha256').update(COPY_SCRIPT).digest('base64')}`
