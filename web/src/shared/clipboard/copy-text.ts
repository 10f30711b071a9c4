/**
 * Puts text on the clipboard. Browsers close the clipboard to pages that came over plain HTTP, as a new installation's
 * may; there the older command still copies what is selected.
 */
export async function copyText(text: string): Promise<void> {
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(text);
    return;
  }
  const field = document.createElement("textarea");
  field.value = text;
  field.readOnly = true;
  // Beside the focused element: a dialog lets nothing outside itself have the focus.
  const focused = document.activeElement ?? document.body;
  (focused.parentElement ?? document.body).append(field);
  field.select();
  const copied = document.execCommand("copy");
  field.remove();
  if (focused instanceof HTMLElement) focused.focus();
  if (!copied) throw new Error("This browser does not let pages copy.");
}
