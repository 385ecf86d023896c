// Configurations as a zip archive. Loaded when somebody asks for one.

import type { ConfigurationFile } from '@tunnel-desk/shared/routers/configuration';
import { strToU8, type Zippable, zipSync } from 'fflate';
import { saveFile } from '../../lib/save-file.ts';

export interface ConfigurationFolder {
  /** Unique in its archive. */
  readonly name: string;
  readonly files: readonly ConfigurationFile[];
}

/** An archive with a folder for each configuration. Dates in it are those of the clock here, as zip has them. */
export function zipFolders(folders: readonly ConfigurationFolder[], at: Date) {
  const contents: Zippable = {};
  for (const { name, files } of folders) {
    for (const file of files) contents[`${name}/${file.name}`] = strToU8(file.content);
  }
  return zipSync(contents, { mtime: at });
}

/** Has the browser save the archive under this name, to which it adds `.zip`. */
export function saveZip(name: string, folders: readonly ConfigurationFolder[], at: Date): void {
  saveFile(`${name}.zip`, 'application/zip', zipFolders(folders, at));
}
