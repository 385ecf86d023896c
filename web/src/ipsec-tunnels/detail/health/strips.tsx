// A tunnel's past as strips on one axis, one per data centre; pointing at a moment, or going there by the arrow keys, tells it.

import type { CellState, Strip } from '@tunnel-desk/shared/health/strip';
import { type KeyboardEvent, type PointerEvent, useState } from 'react';
import { STATE_WORDS } from '../../health/words.ts';
import type { Mark } from './events.ts';
import { lastState, nameOf, stateAt } from './strip-words.ts';

export interface StripsProps {
  readonly strips: readonly Strip[];
  readonly marks: readonly Mark[];
  /** In milliseconds since the epoch. */
  readonly from: number;
  readonly bucketMs: number;
  readonly bucketCount: number;
  /** A moment on the axis, as short as it is clear there. */
  readonly formatTick: (at: number) => string;
  /** A bucket in full. */
  readonly formatBucket: (at: number) => string;
}

const STRIP_HEIGHT = 20;
/** The worse, the higher: it can be told without the colours. */
const HEIGHTS: Readonly<Record<CellState, number>> = { down: 20, degraded: 13, healthy: 6, 'no-data': 1 };
const COLORS: Readonly<Record<CellState, string>> = {
  down: 'text-kumo-danger',
  degraded: 'text-kumo-warning',
  healthy: 'text-kumo-success',
  'no-data': 'text-kumo-subtle',
};
const TICKS = [0, 0.25, 0.5, 0.75, 1];
const PAGE = 10;

export function Strips(props: StripsProps) {
  const { strips, marks, from, bucketMs, bucketCount, formatTick, formatBucket } = props;
  const [cursor, setCursor] = useState<number>();
  const last = bucketCount - 1;
  const startOf = (bucket: number) => from + bucket * bucketMs;
  const moveTo = (bucket: number) => setCursor(Math.min(Math.max(bucket, 0), last));
  const onPointer = ({ clientX, currentTarget }: PointerEvent<HTMLElement>) => {
    const { left, width } = currentTarget.getBoundingClientRect();
    moveTo(Math.floor((bucketCount * (clientX - left)) / width));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const steps: Readonly<Record<string, number>> = {
      ArrowLeft: -1,
      ArrowDown: -1,
      ArrowRight: 1,
      ArrowUp: 1,
      PageDown: -PAGE,
      PageUp: PAGE,
      Home: -bucketCount,
      End: bucketCount,
    };
    const step = steps[event.key];
    if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    moveTo((cursor ?? last) + step);
  };
  const told = cursor ?? last;
  return (
    <div>
      <p aria-hidden className="min-h-6 text-sm tabular-nums">
        {cursor === undefined ? <Legend /> : <span className="font-medium">{formatBucket(startOf(cursor))}</span>}
      </p>
      <div
        role="slider"
        tabIndex={0}
        aria-label="Moment"
        aria-valuemin={0}
        aria-valuemax={last}
        aria-valuenow={told}
        aria-valuetext={`${formatBucket(startOf(told))}: ${strips
          .map((strip) => `${nameOf(strip)} ${wordAt(strip, startOf(told))}`)
          .join(', ')}`}
        className="relative flex cursor-crosshair touch-pan-y flex-col gap-1.5 pt-5"
        onPointerMove={onPointer}
        onPointerDown={onPointer}
        onPointerLeave={() => setCursor(undefined)}
        onKeyDown={onKeyDown}
        onFocus={() => moveTo(told)}
        onBlur={() => setCursor(undefined)}
      >
        {marks.map(({ place, label }) => (
          <span
            key={label}
            className="absolute inset-y-0 border-kumo-contrast border-l border-dashed"
            style={{ left: `${100 * place}%` }}
          >
            <span
              className={`absolute top-0 rounded-sm bg-kumo-contrast px-1 font-medium text-kumo-inverse text-xs ${place > 0.5 ? 'right-0' : 'left-0'}`}
            >
              {label}
            </span>
          </span>
        ))}
        {strips.map((strip) => (
          <div key={strip.code ?? ''}>
            <p className="flex justify-between gap-2 text-xs">
              <span className="relative min-w-0 truncate bg-kumo-base pr-1">{nameOf(strip)}</span>
              <span className="relative shrink-0 bg-kumo-base pl-1 text-kumo-strong">
                {cursor === undefined
                  ? `Newest: ${STATE_WORDS[lastState(strip)].toLowerCase()}`
                  : STATE_WORDS[stateAt(strip, startOf(cursor))]}
              </span>
            </p>
            <StripBars strip={strip} bucketCount={bucketCount} />
          </div>
        ))}
        {cursor !== undefined && (
          <span
            className="pointer-events-none absolute top-5 bottom-0 bg-kumo-contrast/25"
            style={{ left: `${(100 * cursor) / bucketCount}%`, width: `max(2px, ${100 / bucketCount}%)` }}
          />
        )}
      </div>
      <p
        aria-hidden
        className="flex justify-between border-kumo-line border-t pt-1 text-kumo-subtle text-xs tabular-nums"
      >
        {TICKS.map((tick) => (
          <span key={tick} className={tick % 0.5 === 0 ? '' : 'max-sm:hidden'}>
            {formatTick(from + tick * bucketCount * bucketMs)}
          </span>
        ))}
      </p>
    </div>
  );
}

function wordAt(strip: Strip, at: number): string {
  return STATE_WORDS[stateAt(strip, at)].toLowerCase();
}

function StripBars({ strip, bucketCount }: { readonly strip: Strip; readonly bucketCount: number }) {
  let x = 0;
  return (
    <svg
      aria-hidden="true"
      viewBox={`0 0 ${bucketCount} ${STRIP_HEIGHT}`}
      preserveAspectRatio="none"
      shapeRendering="crispEdges"
      className="block h-5 w-full bg-kumo-tint"
    >
      {strip.spans.map(({ state, from, length }) => {
        const left = x;
        x += length;
        return <Bar key={from} x={left} width={length} state={state} />;
      })}
    </svg>
  );
}

function Bar({ x, width, state }: { readonly x: number; readonly width: number; readonly state: CellState }) {
  const height = HEIGHTS[state];
  return (
    <rect
      data-state={state}
      x={x}
      y={STRIP_HEIGHT - height}
      width={width}
      height={height}
      className={COLORS[state]}
      fill="currentColor"
    />
  );
}

const LEGEND: readonly CellState[] = ['down', 'degraded', 'healthy', 'no-data'];

function Legend() {
  return (
    <span className="flex flex-wrap gap-x-3 text-kumo-strong text-xs">
      {LEGEND.map((state) => (
        <span key={state} className="inline-flex items-center gap-1">
          <svg aria-hidden="true" viewBox="0 0 8 20" className="h-4 w-2 bg-kumo-tint">
            <Bar x={0} width={8} state={state} />
          </svg>
          {STATE_WORDS[state]}
        </span>
      ))}
    </span>
  );
}
