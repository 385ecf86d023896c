import { describe, expect, it } from 'vitest';
import { type EnvelopeMessage, envelopeSchema, failureEnvelope, successEnvelope } from '../../src/api/envelope.ts';

const NOTE: EnvelopeMessage = { code: 1012, message: 'not onboarded', source: { pointer: '/name' } };

describe('envelopeSchema', () => {
  it('reads errors with their code, message and pointer', () => {
    const envelope = { success: false, errors: [NOTE], messages: [], result: null };
    expect(envelopeSchema.parse(envelope)).toEqual(envelope);
  });

  it('reads errors that point nowhere', () => {
    const envelope = { success: false, errors: [{ code: 10000, message: 'Authentication error' }], messages: [] };
    expect(envelopeSchema.parse(envelope)).toMatchObject(envelope);
  });

  it('reads a result that is left out as null', () => {
    expect(envelopeSchema.parse({ success: true })).toEqual({ success: true, errors: [], messages: [], result: null });
  });

  it.each([
    { given: {}, why: 'left out' },
    { given: { errors: null, messages: null }, why: 'null' },
    { given: { errors: [], messages: [] }, why: 'empty' },
  ])('reads errors and messages as empty lists when they are $why', ({ given }) => {
    expect(envelopeSchema.parse({ success: true, result: 1, ...given })).toEqual({
      success: true,
      errors: [],
      messages: [],
      result: 1,
    });
  });

  it.each([
    { result: { id: 'x' }, why: 'an object' },
    { result: [], why: 'a list' },
    { result: null, why: 'null' },
  ])('leaves the result as it is: $why', ({ result }) => {
    expect(envelopeSchema.parse({ success: true, result })).toMatchObject({ result });
  });

  it('keeps what Cloudflare adds over time, in the envelope and in its notes', () => {
    const envelope = {
      success: false,
      errors: [{ code: 1000, message: 'no', documentation_url: 'https://example.com', source: { header: 'x' } }],
      messages: [],
      result: null,
      result_info: { page: 1 },
    };
    expect(envelopeSchema.parse(envelope)).toEqual(envelope);
  });

  it.each([
    { answer: '<html>502 Bad Gateway</html>', why: 'an HTML page' },
    { answer: null, why: 'null' },
    { answer: [], why: 'a list' },
    { answer: { errors: [], messages: [], result: null }, why: 'no word on success' },
    { answer: { success: 'true', result: null }, why: 'success is not a boolean' },
    { answer: { success: false, errors: NOTE }, why: 'errors is not a list' },
    { answer: { success: false, errors: ['no'] }, why: 'an error that is a mere text' },
    { answer: { success: false, errors: [{ code: '1012', message: 'no' }] }, why: 'a code that is text' },
    { answer: { success: false, errors: [{ code: 1.5, message: 'no' }] }, why: 'a code that is no integer' },
    { answer: { success: false, errors: [{ code: 1012 }] }, why: 'an error without a message' },
    { answer: { success: false, messages: [{ message: 'no' }] }, why: 'a message without a code' },
    { answer: { success: false, errors: [{ ...NOTE, source: { pointer: 1 } }] }, why: 'a pointer that is no text' },
  ])('refuses what is not an envelope: $why', ({ answer }) => {
    expect(envelopeSchema.safeParse(answer).success).toBe(false);
  });
});

describe('this server’s own envelopes', () => {
  it('carry a result and no errors on success', () => {
    expect(successEnvelope({ id: 'x' })).toEqual({ success: true, errors: [], messages: [], result: { id: 'x' } });
  });

  it('carry messages beside a result', () => {
    expect(successEnvelope(null, [NOTE]).messages).toEqual([NOTE]);
  });

  it('carry errors and no result on failure', () => {
    expect(failureEnvelope([NOTE])).toEqual({ success: false, errors: [NOTE], messages: [], result: null });
  });

  it.each([successEnvelope({ id: 'x' }, [NOTE]), failureEnvelope([NOTE])])(
    'are read back unchanged by the schema (success: $success)',
    (envelope) => {
      expect(envelopeSchema.parse(envelope)).toEqual(envelope);
    },
  );
});
