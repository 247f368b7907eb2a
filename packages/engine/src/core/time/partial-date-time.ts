/** A date-time of which only some leading fields may be given; compared field by field over those given. */
export interface PartialDateTime {
  readonly year?: number;
  readonly month?: number;
  readonly day?: number;
  readonly hour?: number;
  readonly minute?: number;
  readonly second?: number;
}
