import { NOT_A_BOOLEAN, NOT_A_STRING, testField } from '../validating.ts';

testField('psk', ['psk'], {
  accepts: [
    { value: 'fifteen-letters', why: 'that 15 characters are few is advice' },
    { value: 'sixteen-letters-', why: '16 characters' },
    { value: 'x', why: 'that one character is few is advice' },
    { value: ' padded key with spaces ', why: 'nothing is trimmed; that routers may is advice' },
    { value: ' ', why: 'white space is a key' },
    { value: 'ключ-🔑-"?\\', why: 'any characters' },
    { value: 'x'.repeat(4096), why: 'the API reference names no longest key' },
  ],
  rejects: [{ value: '', says: 'a pre-shared key cannot be empty', why: 'empty' }, ...NOT_A_STRING],
});

const EITHER = [
  { value: true, why: 'on' },
  { value: false, why: 'off' },
];

testField('replay_protection', ['replay_protection'], { accepts: EITHER, rejects: NOT_A_BOOLEAN });
testField('automatic_return_routing', ['automatic_return_routing'], { accepts: EITHER, rejects: NOT_A_BOOLEAN });
testField('health_check.enabled', ['health_check', 'enabled'], { accepts: EITHER, rejects: NOT_A_BOOLEAN });
