import { killingObserver } from "./killing-observer.ts";

/** What a worker of the killing program loads as its observer. */
export default killingObserver("worker", process.env);
