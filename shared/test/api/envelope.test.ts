import { describe, expect, it } from 'vitest';
import { type EnvelopeMessage, envelopeSchema, failureEnvelope, successEnvelope } from '../../src/api/envelope.ts';

const MESSAGE: EnvelopeMessage = { code: 1012, message: 'not onboarded', source: { pointer: '/name' } };

describe('envelopeSchema', () => {
  it('reads errors with their code, message and pointer', () => {
    const envelope = { success: false, errors: [MESSAGE], messages: [], result: null };
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
    { response: '<html>502 Bad Gateway</html>', why: 'an HTML page' },
    { response: null, why: 'null' },
    { response: [], why: 'a list' },
    { response: { errors: [], messages: [], result: null }, why: 'no word on success' },
    { response: { success: 'true', result: null }, why: 'success is not a boolean' },
    { response: { success: false, errors: MESSAGE }, why: 'errors is not a list' },
    { response: { success: false, errors: ['no'] }, why: 'an error that is a mere text' },
    { response: { success: false, errors: [{ code: '1012', message: 'no' }] }, why: 'a code that is text' },
    { response: { success: false, errors: [{ code: 1.5, message: 'no' }] }, why: 'a code that is no integer' },
    { response: { success: false, errors: [{ code: 1012 }] }, why: 'an error without a message' },
    { response: { success: false, messages: [{ message: 'no' }] }, why: 'a message without a code' },
    {
      response: { success: false, errors: [{ ...MESSAGE, source: { pointer: 1 } }] },
      why: 'a pointer that is no text',
    },
  ])('rejects what is not an envelope: $why', ({ response }) => {
    expect(envelopeSchema.safeParse(response).success).toBe(false);
  });
});

describe('this server’s own envelopes', () => {
  it('carry a result and no errors on success', () => {
    expect(successEnvelope({ id: 'x' })).toEqual({ success: true, errors: [], messages: [], result: { id: 'x' } });
  });

  it('carry messages beside a result', () => {
    expect(successEnvelope(null, [MESSAGE]).messages).toEqual([MESSAGE]);
  });

  it('carry errors and no result on failure', () => {
    expect(failureEnvelope([MESSAGE])).toEqual({ success: false, errors: [MESSAGE], messages: [], result: null });
  });

  it.each([successEnvelope({ id: 'x' }, [MESSAGE]), failureEnvelope([MESSAGE])])(
    'are read back unchanged by the schema (success: $success)',
    (envelope) => {
      expect(envelopeSchema.parse(envelope)).toEqual(envelope);
    },
  );
});
