"""A client for Remanence in Python's standard library: one connection to the process that owns the store.

    with Remanence("~/.remanence", tool="my-agent") as memory:
        memory.call("remember", scope="acme/user:anna", text="Anna prefers tea")
        for hit in memory.call("recall", scope="acme/user:anna", query="what does Anna drink?")["hits"]:
            print(hit["score"], hit["memory"]["text"])

Every method of docs/protocol.md can be called by its name. Any `remanence` command starts the owner where there is none.
"""

import json
import os
import socket
import sys
import threading


class RemanenceError(Exception):
    """What the owner answered with: `name` is the same on every surface, `facts` say the same for programs."""

    def __init__(self, error):
        super().__init__(error["message"])
        self.facts = error.get("data", {})
        self.name = self.facts.get("name", "Malformed")


class Remanence:
    """Calls are answered one after the other; for more at once, open more. Safe for threads."""

    def __init__(self, store="~/.remanence", tool="python", scope=None):
        with open(os.path.join(os.path.expanduser(store), "run", "endpoint"), encoding="utf-8") as file:
            endpoint = json.load(file)
        if "socket" in endpoint:
            self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            self._socket.connect(endpoint["socket"])
        else:
            self._socket = socket.create_connection(("127.0.0.1", endpoint["port"]))
        self._lines = self._socket.makefile("rb")
        self._lock = threading.Lock()
        self._calls = 0
        hello = {"tool": tool, "pid": os.getpid(), "protocol": endpoint["protocol"]}
        if scope:
            hello["scope"] = scope
        if "token" in endpoint:
            hello["token"] = endpoint["token"]
        self.session = self.call("hello", **hello)["session"]

    def call(self, method, **params):
        """Calls a method and returns its result; raises RemanenceError, or ConnectionError where the owner ended."""
        with self._lock:
            self._calls += 1
            request = {"jsonrpc": "2.0", "id": self._calls, "method": method, "params": params}
            self._socket.sendall(json.dumps(request).encode() + b"\n")
            line = self._lines.readline()
        if not line:
            raise ConnectionError("the owner of the store ended; nobody knows whether the call was done")
        answer = json.loads(line)
        if "error" in answer:
            raise RemanenceError(answer["error"])
        return answer["result"]

    def close(self):
        self._socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


if __name__ == "__main__":
    with Remanence(sys.argv[1], tool="python-example") as memory:
        memory.call("remember", scope="acme/user:anna", text="Anna prefers tea")
        try:
            memory.call("get", scope="acme/user:anna", key="drink")
        except RemanenceError as error:
            print(error.name)
        for hit in memory.call("recall", scope="acme/user:anna", query="what does Anna drink?")["hits"]:
            print(hit["memory"]["text"])
