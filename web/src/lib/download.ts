/** Has the browser save a text as a file. */
export function downloadText(fileName: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  // Saving has begun, but need not have ended.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
