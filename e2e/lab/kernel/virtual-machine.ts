// A machine in QEMU with Debian's own kernel, whose disk is this system's: read-only, with its changes in memory.

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, globSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { installFromDebian, missingPackages } from '../../support/debian.ts';

/** QEMU, and what the first file system of the machine is made with. */
const MACHINE_PACKAGES = ['qemu-system-x86', 'busybox-static', 'cpio', 'kmod'];

/** What the kernel needs before it sees the disk. */
const DISK_MODULES = ['virtio_pci', '9pnet_virtio', '9p', 'overlay'];
const BUSYBOX = '/bin/busybox';
/** All of /etc, which every machine of the lab copies: file by file it is slow to read from the disk. */
const ETC = 'etc.tar';

/** Debian's newest kernel, unpacked and not installed, and the file system that it starts with. */
export interface Kernel extends Disposable {
  readonly version: string;
  /** Where it is unpacked; the machine sees it too, as all of the disk. */
  readonly folder: string;
}

/** Gets the kernel from Debian. Its folder is gone when it is disposed of. */
export function getKernel(): Kernel {
  const missing = missingPackages(MACHINE_PACKAGES);
  if (missing.length > 0 && !installFromDebian(missing)) throw new Error(`not installed: ${missing.join(' ')}`);
  const folder = mkdtempSync(join(tmpdir(), 'tunnel-desk-kernel-'));
  const run = (command: string, ...args: readonly string[]) =>
    execFileSync(command, args, { cwd: folder, encoding: 'utf8' });
  run('apt-get', '-qq', 'update');
  const [, name = ''] = /Depends: (linux-image-\S+)/.exec(run('apt-cache', 'depends', 'linux-image-amd64')) ?? [];
  const version = name.replace('linux-image-', '');
  run('apt-get', '-qq', '-o', 'APT::Sandbox::User=root', 'download', name);
  run('dpkg', '-x', globSync('*.deb', { cwd: folder })[0] ?? '', '.');
  run('depmod', '-b', folder, version);
  run('tar', '-C', '/', '-cf', ETC, 'etc');
  return { version, folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true }) };
}

/** Packs what the machine starts with: one program, the modules for the disk, and what is done first. Returns the archive's path. */
function packFirstFileSystem({ folder, version }: Kernel, work: readonly string[]): string {
  const root = join(folder, 'initrd');
  for (const directory of ['bin', 'modules', 'proc', 'sys', 'dev', 'lower', 'upper', 'root']) {
    mkdirSync(join(root, directory), { recursive: true });
  }
  copyFileSync(BUSYBOX, join(root, 'bin', 'busybox'));
  const names = ['-d', folder, '-S', version, '--show-depends', '--all', ...DISK_MODULES];
  const paths = execFileSync('modprobe', names, { encoding: 'utf8' }).matchAll(/^insmod (\S+)/gm);
  const modules = [...new Set([...paths].map(([, path = '']) => path))];
  for (const path of modules) copyFileSync(path, join(root, 'modules', basename(path)));
  const fileNames = modules.map((path) => basename(path));
  writeFileSync(join(root, 'init'), init({ modules: fileNames, folder, version, work }), { mode: 0o755 });
  const files = globSync('**', { cwd: root }).join('\n');
  const archive = join(folder, 'initrd.cpio');
  execFileSync('cpio', ['--quiet', '-o', '-H', 'newc', '-F', archive], { cwd: root, input: files });
  return archive;
}

interface Start {
  readonly modules: readonly string[];
  readonly folder: string;
  readonly version: string;
  readonly work: readonly string[];
}

function init({ modules, folder, version, work }: Start): string {
  return `#!/bin/busybox sh
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root b=/bin/busybox
$b mount -t proc proc /proc
$b mount -t sysfs sys /sys
$b mount -t devtmpfs dev /dev
for module in ${modules.join(' ')}; do $b insmod /modules/$module; done
$b mount -t 9p -o trans=virtio,version=9p2000.L,ro,msize=524288,cache=loose disk /lower
$b mount -t tmpfs memory /upper
$b mkdir /upper/changes /upper/work
$b mount -t overlay disk -o lowerdir=/lower,upperdir=/upper/changes,workdir=/upper/work /root
for folder in proc sys dev; do $b mount --move /$folder /root/$folder; done
for folder in run var/tmp; do $b mount -t tmpfs memory /root/$folder; done
$b tar -xf /root${folder}/${ETC} -C /root/run
$b mount --bind /root/run/etc /root/etc
$b mkdir -p /root/lib/modules
$b ln -sfn ${folder}/lib/modules/${version} /root/lib/modules/
exec $b switch_root /root /bin/sh -c '${work.join(' ')}; echo "The machine ended with $?"; $b poweroff -f'
`;
}

/** Runs a machine for one command, and tells whether that succeeded. What it writes goes to standard output. */
export async function runMachine(kernel: Kernel, work: readonly string[]): Promise<boolean> {
  const image = join(kernel.folder, 'boot', `vmlinuz-${kernel.version}`);
  const initrd = packFirstFileSystem(kernel, work);
  const machine = spawn(
    'setpriv',
    [
      // It ends with this process, however that ends.
      ...['--pdeathsig', 'KILL', 'qemu-system-x86_64'],
      ...['-M', 'pc', '-accel', 'tcg,thread=multi', '-smp', '2', '-m', '1536'],
      ...['-nodefaults', '-no-reboot', '-display', 'none', '-serial', 'stdio', '-nic', 'none'],
      ...['-kernel', image, '-initrd', initrd, '-append', 'console=ttyS0 quiet panic=-1 mitigations=off'],
      ...['-fsdev', 'local,id=disk,path=/,security_model=none,readonly=on,multidevs=remap'],
      ...['-device', 'virtio-9p-pci,fsdev=disk,mount_tag=disk'],
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let written = '';
  machine.stdout.setEncoding('utf8').on('data', (part: string) => {
    written += part;
    process.stdout.write(part);
  });
  await once(machine, 'close');
  return written.includes('The machine ended with 0');
}
