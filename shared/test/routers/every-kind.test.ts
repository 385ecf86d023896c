import { describe, expect, it } from 'vitest';
import { formatIp } from '../../src/ip/address.ts';
import { parseCidr, peerAddress } from '../../src/ip/cidr.ts';
import type { RouterConfiguration, RouterDefinition } from '../../src/routers/configuration.ts';
import type { RouterTunnel } from '../../src/routers/router-tunnel.ts';
import { ROUTERS } from '../../src/routers/routers.ts';
import { HOSTILE_MARK, HOSTILE_NAMES, type KeyText, MD5_KEYS, PRE_SHARED_KEYS } from './hostile.ts';
import {
  ACCOUNT_ID,
  firstTunnel,
  inputOf,
  KEYS,
  readable,
  SITUATIONS,
  type Situation,
  secondTunnel,
  settingsFor,
} from './inputs.ts';

const FILE_NAME_PATTERN = /^[a-z0-9][a-z0-9._-]*$/;
const PRINTABLE_ASCII_PATTERN = /^[ -~\n]*$/;
/** How a comment begins in the formats there are. */
const COMMENT_PATTERN = /^\s*(?:#|!|\/\/|;)/;
/** Letters alone: clouds take little else. */
const HARMLESS_KEY = 'harmlesskey';

const definitions = Object.values(ROUTERS);
const written = definitions.filter((definition) => definition.configure(exampleInput(definition)).files.length > 0);

function exampleInput({ kind }: RouterDefinition) {
  return inputOf(readable({ tunnel: firstTunnel() }), settingsFor(kind));
}

function configurationOf(
  { kind, configure }: RouterDefinition,
  { tunnels, changes }: Pick<Situation, 'tunnels' | 'changes'>,
): RouterConfiguration {
  return configure(inputOf(readable(...tunnels), settingsFor(kind, changes)));
}

/** In plain text only the head is a comment: a key may begin as one does. */
function commandsOf({ files }: RouterConfiguration): string[] {
  return files.flatMap(({ content, language }) => {
    const lines = content.split('\n');
    if (language === 'text') return lines.slice(lines.findIndex((line) => !COMMENT_PATTERN.test(line)));
    return lines.filter((line) => !COMMENT_PATTERN.test(line));
  });
}

describe.each(definitions)('$kind', (definition) => {
  it('is registered by its own kind, and names its sources where it has files', () => {
    expect(ROUTERS[definition.kind]).toBe(definition);
    expect(definition.sources.length > 0).toBe(written.includes(definition));
  });

  it('has an example of an uplink that its pattern allows', () => {
    const { asks, uplinkExample, uplinkPattern } = definition;
    expect(uplinkExample !== undefined).toBe(asks.includes('uplink'));
    if (uplinkExample !== undefined) expect(uplinkExample).toMatch(uplinkPattern ?? /./);
  });
});

describe.each(written)('$kind', (definition) => {
  describe.each(SITUATIONS)('in the situation $name', (situation) => {
    const configuration = configurationOf(definition, situation);

    it('has files with unique plain names, each with its purpose', () => {
      const names = configuration.files.map(({ name }) => name);
      expect(names).not.toEqual([]);
      expect(new Set(names).size).toBe(names.length);
      for (const { name, purpose } of configuration.files) {
        expect(name).toMatch(FILE_NAME_PATTERN);
        expect(purpose).toMatch(/\S/);
      }
    });

    it('begins every file with which tunnels it is for, who made it when, and from what', () => {
      for (const { content } of configuration.files) {
        const lines = content.replace(/^#!.*\n/, '').split('\n');
        const head = lines
          .slice(
            0,
            lines.findIndex((line) => !COMMENT_PATTERN.test(line)),
          )
          .join('\n');
        for (const { tunnel } of situation.tunnels) expect(head).toContain(tunnel.id);
        expect(head).toContain(ACCOUNT_ID);
        expect(head).toContain('made by Tunnel Desk 0.1.0 at 2026-11-25T10:00:00.000Z');
        for (const source of definition.sources) expect(head).toContain(source);
      }
    });

    it('is printable ASCII, and ends every file with one line break', () => {
      for (const { content } of configuration.files) {
        expect(content).toMatch(PRINTABLE_ASCII_PATTERN);
        expect(content).toMatch(/[^\n]\n$/);
      }
    });

    it('says what is left out in whole sentences', () => {
      for (const sentence of configuration.leftOut) expect(sentence).toMatch(/^[A-Z][^\n]*\.$/);
    });

    it('is the same from the same values', () => {
      expect(configurationOf(definition, situation)).toEqual(configuration);
    });

    it('gives advice in whole sentences that following it silences', () => {
      const settings = settingsFor(definition.kind, situation.changes);
      for (const tunnel of readable(...situation.tunnels)) {
        for (const { message, fix } of definition.adviseOn(tunnel, settings)) {
          expect(message).toMatch(/^[A-Z][^\n]*\.$/);
          if (fix === undefined) continue;
          const followed = definition.adviseOn(afterFix(tunnel, fix.values), settings);
          expect(followed.map((other) => other.message)).not.toContain(message);
        }
      }
    });
  });

  it('names the tunnel in comments alone, on one line, whatever its name is', () => {
    for (const { text, why } of HOSTILE_NAMES) {
      const tunnels = [
        { tunnel: firstTunnel({ name: text, description: text }) },
        { tunnel: secondTunnel({ name: `${text}2` }) },
      ];
      for (const changes of [{}, { routing: 'static' as const }]) {
        const configuration = configurationOf(definition, { tunnels, changes });
        const outside = commandsOf(configuration).filter((line) => line.includes(HOSTILE_MARK));
        expect(outside, why).toEqual([]);
        for (const { content } of configuration.files) expect(content, why).toMatch(PRINTABLE_ASCII_PATTERN);
        expect(configuration.leftOut.join(), why).not.toContain(HOSTILE_MARK);
      }
    }
  });

  it('has no more lines for one MD5 key than for another, and says so where it leaves one out', () => {
    expectSameLines(definition, MD5_KEYS, (md5_key) => ({
      tunnels: [{ tunnel: firstTunnel({ bgp: { customer_asn: 65_010, md5_key } }) }],
      changes: {},
    }));
  });

  it('has no more lines for one pre-shared key than for another, and says so where it leaves one out', () => {
    expectSameLines(definition, PRE_SHARED_KEYS, (psk) => ({ tunnels: [{ tunnel: firstTunnel(), psk }], changes: {} }));
  });

  it('never tells a key outside its files', () => {
    const tunnels = [
      { tunnel: firstTunnel(), psk: KEYS[0] },
      { tunnel: secondTunnel(), psk: KEYS[1] },
    ];
    const { files, leftOut } = configurationOf(definition, { tunnels, changes: {} });
    const advice = readable(...tunnels).flatMap((tunnel) => definition.adviseOn(tunnel, settingsFor(definition.kind)));
    const outside = JSON.stringify([files.map(({ name, purpose }) => [name, purpose]), leftOut, advice]);
    for (const key of KEYS) expect(outside).not.toContain(key);
  });
});

/** That a key changes lines and adds none: every line beside the harmless key's own is there in the same order. */
function expectSameLines(
  definition: RouterDefinition,
  keys: readonly KeyText[],
  situationWith: (key: string) => Pick<Situation, 'tunnels' | 'changes'>,
): void {
  const harmless = configurationOf(definition, situationWith(HARMLESS_KEY));
  const another = configurationOf(definition, situationWith('anotherkey'));
  const common = commandsOf(harmless).filter((line) => commandsOf(another).includes(line));
  for (const { key, why } of keys) {
    const configuration = configurationOf(definition, situationWith(key));
    const lines = commandsOf(configuration);
    expect(lines.length, why).toBeLessThanOrEqual(commandsOf(harmless).length);
    expect(withoutOthers(lines, common), why).toEqual(common);
    if (lines.length < commandsOf(harmless).length)
      expect(configuration.leftOut.length, why).toBeGreaterThan(harmless.leftOut.length);
  }
}

/** The lines that are wanted, in their order, whatever stands between them. */
function withoutOthers(lines: readonly string[], wanted: readonly string[]): string[] {
  const found: string[] = [];
  for (const line of lines) if (line === wanted[found.length]) found.push(line);
  return found;
}

/** The tunnel as it is once an advisory's values are in it; those that only a person knows are made up. */
function afterFix(tunnel: RouterTunnel, values: Readonly<Record<string, unknown>>): RouterTunnel {
  const { healthCheck, bgp } = tunnel;
  const type = values['health_check/type'];
  const target = values['health_check/target'];
  const replayProtection = values['replay_protection'];
  const md5Key = values['bgp/md5_key'];
  const link = parseCidr(String(values['interface_address']));
  const routerSide = link && peerAddress(link);
  return {
    ...tunnel,
    healthCheck: {
      ...healthCheck,
      ...(typeof type === 'string' && { type }),
      ...(typeof target === 'string' && { target: target || tunnel.routerAddress }),
    },
    ...(typeof replayProtection === 'boolean' && { replayProtection }),
    ...(link &&
      routerSide && {
        cloudflareAddress: formatIp(link.address),
        routerAddress: formatIp(routerSide),
        prefixLength: link.prefixLength,
      }),
    ...('customer_endpoint' in values && { customerEndpoint: '203.0.113.10' }),
    ...(values['bgpEnabled'] === true && {
      bgp: { customerAsn: 65_010, peer: tunnel.cloudflareAddress, md5Key: undefined },
    }),
    ...(bgp && md5Key !== undefined && { bgp: { ...bgp, md5Key: 'harmless' } }),
  };
}
