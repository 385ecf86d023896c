/** Has the browser save a text, or bytes, as a file of this name. */
export function saveFile(name: string, type: string, content: string | Uint8Array<ArrayBuffer>): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has taken what it needs once the click was handled.
  setTimeout(() => URL.revokeObjectURL(url));
}
