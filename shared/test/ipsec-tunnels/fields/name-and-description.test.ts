import { NOT_A_STRING, testField } from '../validating.ts';

testField('name', ['name'], {
  accepts: [
    { value: 'branch-1', why: 'letters, digits, hyphen' },
    { value: '0', why: 'one character is enough' },
    { value: 'fifteen-letters', why: '15 characters' },
    { value: 'sixteen-letters-', why: 'more than 15 characters is advice, not a rule (guide)' },
    { value: 'x'.repeat(500), why: 'the API reference names no longest name' },
    { value: 'Kantoor “Zuid” №1', why: 'special characters are advised against, not rejected (guide)' },
    { value: ' branch 1 ', why: 'nothing is trimmed' },
  ],
  rejects: [
    { value: undefined, says: 'a name is required', why: 'absent' },
    { value: '', says: 'a name is required', why: 'empty' },
    { value: ' ', says: 'a name is required', why: 'only a space' },
    { value: '\t\r\n', says: 'a name is required', why: 'only tabs and line breaks' },
    { value: '\u00a0\u2003\u3000', says: 'a name is required', why: 'only white space of other kinds' },
    ...NOT_A_STRING,
  ],
});

testField('description', ['description'], {
  accepts: [
    { value: 'Branch office in Utrecht', why: 'any text' },
    { value: '', why: 'empty' },
    { value: ' two\nlines ', why: 'nothing is trimmed' },
    { value: 'é😀"?', why: 'any characters' },
  ],
  rejects: NOT_A_STRING,
});
