import { type CallForm, callError } from "../documents/call-problems.ts";

type Method = (...given: never[]) => unknown;

/**
 * The same object with the arguments of its methods checked at each call, before the method sees them: code without types
 * may give anything.
 * @param forms by method; what has none is not checked
 */
export function checkedCalls<Members extends object>(
  members: Members,
  forms: Readonly<Record<string, CallForm>>,
): Members {
  const checked = Object.entries(forms).flatMap(([method, form]) => {
    const call = (members as Readonly<Record<string, Method | undefined>>)[method];
    return call === undefined ? [] : [[method, checkedCall(call, { method, form })] as const];
  });
  return { ...members, ...Object.fromEntries(checked) };
}

function checkedCall(
  call: Method,
  { method, form }: { readonly method: string; readonly form: CallForm },
): Method {
  return (...given) => {
    const error = callError({ method, given }, form);
    if (error === undefined) return call(...given);
    if (form.answersLater === true) return Promise.reject(error);
    throw error;
  };
}
