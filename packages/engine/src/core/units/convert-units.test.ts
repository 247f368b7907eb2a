import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { AlmanacError } from "../errors.ts";
import { convertUnits, sameUnits } from "./convert-units.ts";
import { parseUnits } from "./parse-units.ts";

interface Vectors {
  readonly vectors: readonly (readonly [value: number, from: string, to: string, converted: number])[];
}

const file = new URL("../../../test/golden/unit-vectors.json", import.meta.url);
const { vectors } = JSON.parse(readFileSync(file, "utf8")) as Vectors;

for (const [value, from, to, converted] of vectors)
  test(`${from} → ${to} as UDUNITS does it`, () => {
    const result = convertUnits(from, to)(value);
    assert.ok(Math.abs(result - converted) <= 1e-12 * Math.abs(converted), `${result} is not ${converted}`);
  });

test("temperatures have an offset, temperature differences in products have none", () => {
  assert.equal(convertUnits("K", "degC")(273.15), 0);
  assert.equal(convertUnits("degC", "K")(-273.15), 0);
  assert.ok(Math.abs(convertUnits("degF", "degC")(212) - 100) < 1e-9);
  assert.equal(convertUnits("degC day-1", "K day-1")(2), 2);
});

test("the same unit in another spelling changes no bit", () => {
  const value = 0.1 + 0.2;
  for (const [from, to] of [
    ["kg m-2 s-1", "kg.m^-2.s**-1"],
    ["W m-2", "W/m2"],
    ["degree_Celsius", "degC"],
    ["1", ""],
  ] as const) {
    assert.equal(convertUnits(from, to)(value), value);
    assert.ok(sameUnits(from, to));
  }
  assert.ok(!sameUnits("K", "degC"));
  assert.ok(!sameUnits("hPa", "Pa"));
  assert.equal(convertUnits("hPa", "Pa")(1013.25), 101325);
});

test("missing values stay missing", () => {
  assert.ok(Number.isNaN(convertUnits("hPa", "Pa")(Number.NaN)));
});

test("a mass of water is a depth only when asked", () => {
  assert.throws(
    () => convertUnits("kg m-2 s-1", "mm day-1"),
    (error) => {
      assert.ok(error instanceof AlmanacError);
      assert.match(`${error.message}; ${error.hint}`, /cannot be converted.*waterEquivalent/);
      return true;
    },
  );
  const toDepth = convertUnits("kg m-2 s-1", "mm day-1", { waterEquivalent: true });
  assert.ok(Math.abs(toDepth(1 / 86400) - 1) < 1e-12);
  const toMass = convertUnits("mm", "kg m-2", { waterEquivalent: true });
  assert.ok(Math.abs(toMass(3) - 3) < 1e-12);
  assert.equal(convertUnits("K", "degC", { waterEquivalent: true })(273.15), 0);
  assert.throws(() => convertUnits("kg s-1", "mm", { waterEquivalent: true }), unitsInvalid(/cannot/));
});

test("what is no unit is refused and quoted", () => {
  assert.throws(() => parseUnits("days since 1850-01-01"), unitsInvalid(/time axis/));
  assert.throws(() => parseUnits("furlong"), unitsInvalid(/"furlong" is not a known unit/));
  for (const text of ["m-s", "m)", "(m", "/", "m^", "m/", "kg m-2.5", "km-m", "K @ 273.15"])
    assert.throws(() => parseUnits(text), unitsInvalid(/units "/), text);
});

test("there and back gives the value again", () => {
  const pairs = fc.constantFrom(
    ["K", "degF"] as const,
    ["kg m-2 s-1", "g cm-2 day-1"] as const,
    ["Pg yr-1", "kg s-1"] as const,
    ["%", "1"] as const,
  );
  fc.assert(
    fc.property(pairs, fc.double({ min: -1e6, max: 1e6, noNaN: true }), ([a, b], value) => {
      const back = convertUnits(b, a)(convertUnits(a, b)(value));
      assert.ok(Math.abs(back - value) <= 1e-12 * Math.max(1e3, Math.abs(value)));
    }),
  );
});

function unitsInvalid(message: RegExp): (error: unknown) => boolean {
  return (error) =>
    error instanceof AlmanacError && error.code === "UNITS_INVALID" && message.test(error.message);
}
