/** A promise and what settles it. (`Promise.withResolvers` is not in the library that browsers and servers share here.) */
export function withResolvers<Value>() {
  let resolve: (value: Value) => void = () => undefined;
  const promise = new Promise<Value>((settle) => {
    resolve = settle;
  });
  return { promise, resolve: (value: Value) => resolve(value) };
}
