// Lo ejecuta otro hilo de Node: recibe workerData y responde con un mensaje.
const { createHash } = require("node:crypto");
const { parentPort, workerData } = require("node:worker_threads");

if (workerData === "error") throw new Error("en el worker");
if (workerData === "exit") process.exit(3);

let text = workerData;
for (let round = 0; round < 100_000; round++) {
  text = createHash("sha256").update(text).digest("hex");
}
parentPort.postMessage(text);
