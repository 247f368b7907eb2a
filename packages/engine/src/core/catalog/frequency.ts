/**
 * Frequency of each table of the CMIP6 data request. Where a table mixes time means and instantaneous values, it is the
 * one that names the table.
 * @source CMIP6 data request 01.00.33, tables
 */
const cmip6Tables = {
  "3hr": "3hr",
  "6hrLev": "6hrPt",
  "6hrPlev": "6hr",
  "6hrPlevPt": "6hrPt",
  AERday: "day",
  AERhr: "1hr",
  AERmon: "mon",
  AERmonZ: "mon",
  Amon: "mon",
  CF3hr: "3hrPt",
  CFday: "day",
  CFmon: "mon",
  CFsubhr: "subhrPt",
  E1hr: "1hr",
  E1hrClimMon: "1hrCM",
  E3hr: "3hr",
  E3hrPt: "3hrPt",
  E6hrZ: "6hr",
  Eday: "day",
  EdayZ: "day",
  Efx: "fx",
  Emon: "mon",
  EmonZ: "mon",
  Esubhr: "subhrPt",
  Eyr: "yr",
  IfxAnt: "fx",
  IfxGre: "fx",
  ImonAnt: "mon",
  ImonGre: "mon",
  IyrAnt: "yr",
  IyrGre: "yr",
  LImon: "mon",
  Lmon: "mon",
  Oclim: "monC",
  Oday: "day",
  Odec: "dec",
  Ofx: "fx",
  Omon: "mon",
  Oyr: "yr",
  SIday: "day",
  SImon: "mon",
  day: "day",
  fx: "fx",
} as const satisfies Record<string, string>;

const frequencies: ReadonlyMap<string, string> = new Map(Object.entries(cmip6Tables));

/** Frequency of a CMIP6 table, or undefined if the data request has no such table. */
export function cmip6Frequency(tableId: string): string | undefined {
  return frequencies.get(tableId);
}

/**
 * Frequency of CMIP5 tables whose names CMIP6 does not use.
 * @source CMIP5 standard output, tables
 */
const cmip5Tables: ReadonlyMap<string, string> = new Map([
  ["OImon", "mon"],
  ["aero", "mon"],
  ["cf3hr", "3hr"],
  ["cfDay", "day"],
  ["cfMon", "mon"],
  ["cfOff", "mon"],
  ["cfSites", "subhr"],
]);

/** Frequency of a CMIP5 table, or undefined for one that CMIP6 names too, or nobody. */
export function cmip5Frequency(tableId: string): string | undefined {
  return cmip5Tables.get(tableId);
}
