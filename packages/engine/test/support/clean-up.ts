/** Registers what is to be done when a test, or a file of tests, is over. */
export interface CleanUp {
  after(action: () => void): void;
}
