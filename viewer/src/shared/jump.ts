// From one panel to another: to its title, which takes the focus, so that the keyboard and a screen reader go along.
export function goTo(panel: string): void {
  const title = document.getElementById(`${panel}-title`)
  if (!title) return
  document.getElementById(panel)?.scrollIntoView()
  title.tabIndex = -1
  title.focus({ preventScroll: true })
}
