/** Reading and writing NetCDF, area and time means, regressions, units, calendars, figures and metric bundles, for diagnostics. */
export { type LineFigure, lineFigure } from "../../adapters/figures/line-figure.ts";
export { type MapFigure, mapFigure } from "../../adapters/figures/map-figure.ts";
export { svgToPng } from "../../adapters/figures/png.ts";
export { type ScatterFigure, scatterFigure } from "../../adapters/figures/scatter-figure.ts";
export { type HorizontalGrid, latitudeWeights, readGrid } from "../../adapters/netcdf/grid.ts";
export { type ChainStep, type MonthlyChain, openMonthlyChain } from "../../adapters/netcdf/monthly-chain.ts";
export {
  type Attributes,
  type AttributeValue,
  type Hyperslab,
  type NetcdfVariable,
  numberAttribute,
  textAttribute,
} from "../../adapters/netcdf/raw-file.ts";
export { type NetcdfFile, openNetcdf, withNetcdf } from "../../adapters/netcdf/reader.ts";
export { middleOfMonth, monthBounds, readTimeAxis, type TimeAxis } from "../../adapters/netcdf/time-axis.ts";
export { type NetcdfContent, type VariableToWrite, writeNetcdf } from "../../adapters/netcdf/writer.ts";
export type { JsonObject } from "../../core/results/json-object.ts";
export { metricBundleOf } from "../../core/results/metric-build.ts";
export type { MetricBundle } from "../../core/results/metric-bundle.ts";
export {
  mergeBundles,
  prependDimensions,
  removeDimension,
  templateBundle,
} from "../../core/results/metric-combine.ts";
export { scalarsOf } from "../../core/results/metric-scalars.ts";
export type { Located, Problem, Reading } from "../../core/results/problem.ts";
export type { Dimensions, Scalar, ValueKind } from "../../core/results/value.ts";
export {
  cosLatitudeWeights,
  fractionWeights,
  weightedMean,
  weightedMeans,
} from "../../core/science/area-mean.ts";
export {
  type Anomalies,
  anomaliesFromControl,
  gregoryRegression,
  type Sensitivity,
  transientResponse,
  transientYears,
} from "../../core/science/climate-sensitivity.ts";
export { coversGlobe, type Extent, shareOfSphere } from "../../core/science/coverage.ts";
export {
  type AnnualFields,
  type AnnualSeries,
  annualFieldMeans,
  annualMeans,
  type Climatology,
  type FieldRun,
  type Month,
  type MonthAxis,
  monthLengths,
  monthlyClimatology,
  timeMean,
} from "../../core/science/monthly.ts";
export { fitLine, fitLineOrNothing, type Line, lineAt } from "../../core/science/regression.ts";
export { type CalendarName, canonicalCalendar, daysBetween, daysInMonth } from "../../core/time/calendar.ts";
export { decodeTime, encodeTime } from "../../core/time/cf-time.ts";
export { type DateTime, formatDateTime, parseDateTime } from "../../core/time/date-time.ts";
export { type ConversionOptions, convertUnits, sameUnits } from "../../core/units/convert-units.ts";
export { parseMetricBundle, writeMetricBundle } from "../../documents/bundles.ts";
