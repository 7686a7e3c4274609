/**
 * A client for Remanence in Node's standard library: one connection to the process that owns the store.
 *
 *     const memory = await Remanence.open("/home/anna/.remanence", { tool: "my-agent" });
 *     await memory.call("remember", { scope: "acme/user:anna", text: "Anna prefers tea" });
 *     const { hits } = await memory.call("recall", { scope: "acme/user:anna", query: "what does Anna drink?" });
 *
 * Every method of docs/protocol.md can be called by its name. Any `remanence` command starts the owner where there is
 * none. Only types are TypeScript here: Node 22.18 and later run it as it is.
 */
import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";

type Params = Record<string, unknown>;
type Waiting = { resolve: (result: any) => void; reject: (error: Error) => void };

/** What the owner answered with: `code` is the same on every surface, `facts` say the same for programs. */
export class RemanenceError extends Error {
  code: string;
  facts: Params;

  constructor(error: { message: string; data?: Params }) {
    super(error.message);
    this.facts = error.data ?? {};
    this.code = String(this.facts.name ?? "Malformed");
  }
}

/** Calls may be made without waiting for each other; they are answered in their order. */
export class Remanence {
  private socket: Socket;
  private waiting: Waiting[] = [];
  private calls = 0;

  private constructor(socket: Socket) {
    this.socket = socket;
    createInterface({ input: socket }).on("line", (line) => {
      const answer = JSON.parse(line);
      const call = this.waiting.shift();
      if (answer.error) call?.reject(new RemanenceError(answer.error));
      else call?.resolve(answer.result);
    });
    const lost = () => {
      for (const call of this.waiting.splice(0)) {
        call.reject(new Error("the owner of the store ended; nobody knows whether the call was done"));
      }
    };
    socket.on("close", lost).on("error", lost);
  }

  static async open(store: string, options: { tool?: string; scope?: string } = {}): Promise<Remanence> {
    const endpoint = JSON.parse(readFileSync(join(store, "run", "endpoint"), "utf8"));
    const socket = endpoint.socket ? connect(endpoint.socket) : connect(endpoint.port, "127.0.0.1");
    const memory = new Remanence(socket);
    await memory.call("hello", {
      tool: options.tool ?? "typescript",
      pid: process.pid,
      protocol: endpoint.protocol,
      ...(options.scope ? { scope: options.scope } : {}),
      ...(endpoint.token ? { token: endpoint.token } : {}),
    });
    return memory;
  }

  call(method: string, params: Params = {}): Promise<any> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject });
      this.socket.write(JSON.stringify({ jsonrpc: "2.0", id: ++this.calls, method, params }) + "\n");
    });
  }

  close(): void {
    this.socket.end();
  }
}

if (process.argv[1]?.endsWith("remanence.ts")) {
  const memory = await Remanence.open(process.argv[2], { tool: "typescript-example" });
  await memory.call("remember", { scope: "acme/user:anna", text: "Anna prefers tea" });
  try {
    await memory.call("get", { scope: "acme/user:anna", key: "drink" });
  } catch (error) {
    console.log((error as RemanenceError).code);
  }
  const { hits } = await memory.call("recall", { scope: "acme/user:anna", query: "what does Anna drink?" });
  for (const hit of hits) console.log(hit.memory.text);
  memory.close();
}
