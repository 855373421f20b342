// Loaded by Node before a %%node cell: gives it track() and sleep(), and notes for Python what happens in it.
import fs from "node:fs";
import { dirname, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { inspect } from "node:util";
import { isMainThread } from "node:worker_threads";

const LOOKS = 20; // milliseconds between two looks at what the event loop does
const lines = new WeakMap(); // object with a stack -> the cell's line in it
let script, cell, notes, zero, last, looked, use, busy;

if (isMainThread) {
  script = fs.realpathSync(process.argv[1]);
  cell = pathToFileURL(script).href;
  notes = fs.openSync(new URL(import.meta.url).searchParams.get("notes"), "a");
  [zero, last] = [performance.now(), 0];
  process.execArgv.length = 0; // what the cell forks is a plain Node process
  for (const stream of [process.stdout, process.stderr]) {
    stream._handle?.setBlocking?.(true); // or process.exit() loses what a pipe has not taken yet (macOS)
  }
  Error.prepareStackTrace = showStack;
  Object.assign(globalThis, { __cellBegins, sleep, track });
  process.on("warning", (warning) => process.stderr.write(`${warning.name}: ${warning.message}\n`));
  process.on("exit", () => {
    noteBusy();
    note("exit", now());
  });
  process.on("uncaughtException", (error) => {
    if (process.listenerCount("uncaughtException") > 1) return; // the cell has a handler of its own
    note("error", describe(error));
    process.exit(1);
  });
}

function note(...fields) {
  fs.writeSync(notes, `${JSON.stringify(fields)}\n`);
}

// Milliseconds since the cell's first line.
function now() {
  return performance.now() - zero;
}

function __cellBegins() {
  delete globalThis.__cellBegins;
  zero = performance.now();
  [looked, use] = [now(), performance.eventLoopUtilization()];
  setInterval(look, LOOKS).unref();
  queueMicrotask(() => note("turn", now())); // the cell's first await: until then nobody else could run
}

// Join the stretches in which the loop had something to do a good part of the time: nobody else knows of the
// callbacks that serve a file or a socket.
function look() {
  const [before, at] = [looked, now()];
  const { utilization } = performance.eventLoopUtilization(use);
  [looked, use] = [at, performance.eventLoopUtilization()];
  if (utilization > 0.25) busy = [busy?.[0] ?? before, at];
  else if (busy && at - busy[1] > 2 * LOOKS) noteBusy();
}

function noteBusy() {
  if (busy) note("busy", ...busy);
  busy = undefined;
}

function sleep(ms, value) {
  return new Promise((resolve) => setTimeout(resolve, ms, value));
}

function track(name, promiseOrFunction) {
  if (typeof name !== "string") throw new TypeError("track(nombre, promesa): el nombre es un texto");
  const [id, start, here] = [++last, now(), {}];
  Error.captureStackTrace(here, track);
  let promise;
  try {
    promise = typeof promiseOrFunction === "function" ? promiseOrFunction() : promiseOrFunction;
  } catch (error) {
    promise = Promise.reject(error);
  }
  note("track", id, name, start, now(), here.stack && lines.get(here));
  // The caller gets this second promise: a rejection that nobody handles must stay unhandled.
  return Promise.resolve(promise).then(
    (value) => (note("settle", id, now(), null), value),
    (error) => {
      note("settle", id, now(), error?.name ?? "throw");
      throw error;
    },
  );
}

// Stacks of the student's own frames, without paths: the same on every machine.
function showStack(error, frames) {
  const own = frames.filter((frame) => frame.getFileName()?.startsWith("file:"));
  lines.set(error, own.find((frame) => frame.getFileName() === cell)?.getLineNumber() ?? null);
  const texts = own.map((frame) => `    at ${frame}`.replaceAll(cell, "celda").replaceAll(`${dirname(cell)}/`, "./"));
  return [Error.prototype.toString.call(error), ...texts].join("\n");
}

function describe(error) {
  if (error?.code === "ERR_UNHANDLED_REJECTION") {
    const reason = /reason "([^]*)"\.$/.exec(error.message)?.[1] ?? error.message;
    return { name: "promesa rechazada", message: reason, line: null };
  }
  if (!(error instanceof Error)) return { name: "throw", message: inspect(error), line: null };
  const stack = String(error.stack); // asking for it fills `lines`
  const head = stack.startsWith(`${cell}:`) ? parseInt(stack.slice(cell.length + 1)) : null;
  const cause = error.cause?.message || error.cause?.code;
  const message = error.message.replaceAll(` imported from ${script}`, "").replaceAll(dirname(script) + sep, `.${sep}`);
  return {
    name: error.name,
    message: message + (cause ? ` (causa: ${cause})` : ""),
    line: lines.get(error) ?? head,
  };
}
