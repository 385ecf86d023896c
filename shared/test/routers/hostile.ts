// Texts that some format takes for a new line, a comment or a command, each one that an API lets through.

export interface HostileText {
  readonly text: string;
  /** What it would do where it is written as it is. */
  readonly why: string;
}

/** Marks every hostile name and description, so that a test finds where one got to. */
export const HOSTILE_MARK = 'PWNED';

// biome-ignore lint/suspicious/noTemplateCurlyInString: it is for a shell
const VARIABLE = '${HOME}';

/** Names as Cloudflare keeps them: any text that is not blank. */
export const HOSTILE_NAMES: readonly HostileText[] = [
  { text: 'a\nreboot PWNED', why: 'begins a line' },
  { text: 'a\r\nreload in 1 PWNED', why: 'begins a line, as Windows writes it' },
  { text: 'a\rPWNED', why: 'begins a line, as a terminal shows it' },
  { text: 'a\u0085PWNED\u2028PWNED\u2029PWNED', why: 'begins a line, as Unicode has it' },
  { text: 'a\u000bPWNED\u000cPWNED', why: 'begins a line, as some readers have it' },
  { text: 'a\0PWNED', why: 'ends a text of C' },
  { text: `$(touch PWNED)\`touch PWNED\`${VARIABLE}`, why: 'is run by a shell' },
  { text: '"; touch PWNED; "', why: 'ends a quoted word' },
  { text: "'; touch PWNED; '", why: 'ends a quoted word' },
  { text: 'PWNED\\', why: 'joins the next line' },
  { text: '*/ PWNED /*', why: 'ends a comment of Junos' },
  { text: '} } secrets { PWNED { secret = x } }', why: 'ends the sections of a swanctl.conf' },
  { text: 'include /etc/PWNED', why: 'includes a file' },
  { text: '# ! ; // -- %PWNED%', why: 'begins a comment' },
  { text: '!\nconfigure terminal\nPWNED', why: 'is a command of FRR and IOS' },
  { text: 'a"\nnext\nend\nconfig PWNED', why: 'ends a block of FortiOS' },
  { text: '| PWNED > PWNED', why: 'is a pipe' },
  { text: '<script>PWNED</script><!-- ]]>', why: 'is markup' },
  { text: '\u202ePWNED\u200b\ufeff', why: 'turns the direction of the line, and hides' },
  { text: '\u001b[2JPWNED\u0007', why: 'drives a terminal' },
  { text: 'PWNED é ü 漢字 🎉 e\u0301', why: 'is not ASCII' },
  { text: '\ud800PWNED', why: 'is half a character' },
  { text: '-PWNED', why: 'is an option of a command' },
  { text: '../../etc/PWNED', why: 'is a path' },
  { text: '<PRE-SHARED-KEY> PWNED', why: 'is the placeholder of a key' },
  { text: `PWNED${'x'.repeat(5_000)}`, why: 'is longer than a line may be' },
];

/** Descriptions may besides be blank or empty. */
export const HOSTILE_DESCRIPTIONS: readonly HostileText[] = [
  ...HOSTILE_NAMES,
  { text: '', why: 'is empty' },
  { text: ' \t\n ', why: 'is blank' },
  { text: 'vyos cisco linux PWNED', why: 'names three kinds' },
];

export interface KeyText {
  readonly key: string;
  readonly why: string;
}

/** Every character that Cloudflare accepts in an MD5 key (API reference): printable ASCII but for `"` and `?`. */
export const MD5_CHARACTERS: readonly string[] = [
  ...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789',
  ..." '!@#$%^&*()+[]{}<>/.,;:_-~`=\\|",
];

const WITHOUT_BLANK = MD5_CHARACTERS.filter((character) => character !== ' ').join('');

/** MD5 keys of the whole set that Cloudflare accepts; each character also stands first, last, alone and between others. */
export const MD5_KEYS: readonly KeyText[] = [
  { key: MD5_CHARACTERS.join(''), why: 'has every character' },
  { key: WITHOUT_BLANK, why: 'has every character but the blank' },
  { key: WITHOUT_BLANK.slice(0, 47), why: 'has the first half of them, as short as Linux needs it' },
  { key: WITHOUT_BLANK.slice(47), why: 'has the other half' },
  ...MD5_CHARACTERS.flatMap((character) => [
    { key: character, why: `is ${character} alone` },
    { key: `${character}key`, why: `begins with ${character}` },
    { key: `key${character}`, why: `ends with ${character}` },
    { key: `k${character}y`, why: `has ${character} inside` },
  ]),
  { key: '  two  blanks  ', why: 'has blanks around and inside' },
  { key: "it's", why: 'has an apostrophe alone' },
  { key: "''", why: 'is an empty text of a shell' },
  { key: '\\n\\x41\\\\', why: 'looks escaped' },
  { key: `$(id)\`id\`${VARIABLE}%s`, why: 'is run by a shell' },
  { key: '}', why: 'ends a section' },
  { key: '/*', why: 'begins a comment' },
  { key: '*/', why: 'ends a comment' },
  { key: '//', why: 'begins a comment' },
  { key: '0 key', why: 'looks like the kind of a key and a key, as IOS has it' },
  { key: '7 0822455D0A16', why: 'looks like an encrypted key, as IOS has it' },
  { key: '$9$abc', why: 'looks like an encrypted key, as Junos has it' },
  { key: 'ENC abc', why: 'looks like an encrypted key, as FortiOS has it' },
  { key: '-n', why: 'looks like an option' },
  { key: '<cr>', why: "looks like a help text's end of line" },
  { key: '| include x', why: 'looks like a pipe' },
  { key: 'k'.repeat(80), why: 'is as long as Linux lets one be' },
  { key: 'k'.repeat(81), why: 'is longer than Linux lets one be' },
];

/** Pre-shared keys as Cloudflare keeps them: any text that is not empty. */
export const PRE_SHARED_KEYS: readonly KeyText[] = [
  { key: 'O3bwKSjnaoCxDoUxjcq4Rk8ZKkezQUiy', why: 'is like one that Cloudflare generates' },
  { key: '0x41424344', why: 'looks hexadecimal to strongSwan' },
  { key: '0sQUJDRA==', why: 'looks like base64 to strongSwan' },
  { key: '0x', why: 'is nothing but the mark of a hexadecimal key' },
  { key: '"', why: 'is a quotation mark' },
  { key: 'a"b"c', why: 'has quotation marks inside' },
  { key: "it's 'quoted'", why: 'has apostrophes and blanks' },
  { key: '\\', why: 'is a backslash' },
  { key: 'a\\', why: 'ends with a backslash' },
  { key: '\\"\\n\\x41\\\\', why: 'looks escaped' },
  { key: ' key with blanks around ', why: 'has blanks around and inside' },
  { key: '#comment', why: 'begins a comment' },
  { key: '!comment', why: 'begins a comment' },
  { key: '; rm -rf /', why: 'ends a command' },
  { key: '} secrets { x { secret = y } }', why: 'ends a section' },
  { key: `$(touch PWNED)\`touch PWNED\`${VARIABLE}`, why: 'is run by a shell' },
  { key: '?', why: 'asks for help on a console' },
  { key: '%any %s %n', why: 'is a format' },
  { key: 'include /etc/passwd', why: 'includes a file' },
  { key: '<PRE-SHARED-KEY>', why: 'is the placeholder' },
  { key: '6 abc', why: 'looks like an encrypted key, as IOS has it' },
  { key: '$9$abc', why: 'looks like an encrypted key, as Junos has it' },
  { key: '-AQ==key', why: 'begins like an encrypted key, as PAN-OS has it' },
  { key: 'ENC abc', why: 'looks like an encrypted key, as FortiOS has it' },
  { key: 'Schlüssel-é-漢字-🎉', why: 'is not ASCII' },
  { key: 'e\u0301\u200b\ufeff\u202e', why: 'has characters that nobody sees' },
  { key: 'a\tb', why: 'has a tab' },
  { key: 'a\nb\r\nc', why: 'has line breaks' },
  { key: 'k'.repeat(200), why: 'is long' },
  { key: `${'\\"\''.repeat(66)}ab`, why: 'is long, and all of it must be escaped' },
];
