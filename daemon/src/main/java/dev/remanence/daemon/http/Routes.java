package dev.remanence.daemon.http;

import java.util.List;

/// The one table of resources. A method of the protocol that is to be one is a line here, and with
/// that in the server, in /openapi.json and, by a test, in docs/http.md.
final class Routes {
  static final List<Route> ALL =
      List.of(
          Route.of("POST", "/v1/memories", "remember"),
          Route.of("GET", "/v1/memories", "list"),
          Route.of("POST", "/v1/memories/batch", "rememberAll"),
          Route.of("POST", "/v1/memories/supersede", "supersede"),
          Route.of("GET", "/v1/memories/{id}", "get"),
          Route.of("PATCH", "/v1/memories/{id}", "revise"),
          Route.of("DELETE", "/v1/memories/{id}", "forget", "erase"),
          Route.of("GET", "/v1/memories/{id}/history", "history"),
          Route.of("GET", "/v1/memories/{id}/diff", "diff"),
          Route.of("POST", "/v1/memories/{id}/revert", "revert"),
          Route.of("POST", "/v1/memories/{id}/branches", "branch"),
          Route.of("POST", "/v1/memories/{id}/merge", "merge"),
          Route.of("POST", "/v1/memories/{from}/links", "link"),
          Route.of("DELETE", "/v1/memories/{from}/links", "unlink"),
          Route.of("GET", "/v1/keys/{key}", "get"),
          Route.of("PUT", "/v1/keys/{key}", "supersede"),
          Route.of("POST", "/v1/forget", "forget"),
          Route.of("GET", "/v1/recall", "recall"),
          Route.of("POST", "/v1/recall", "recall"),
          Route.of("GET", "/v1/similar", "similar"),
          Route.of("POST", "/v1/similar", "similar"),
          Route.of("GET", "/v1/range", "range"),
          Route.of("GET", "/v1/stream", "stream"),
          Route.of("GET", "/v1/scopes", "scopes"),
          Route.of("DELETE", "/v1/scopes", "erase"),
          Route.of("GET", "/v1/facts", "facts.list"),
          Route.of("GET", "/v1/facts/{key}", "facts.get"),
          Route.of("PUT", "/v1/facts/{key}", "facts.set"),
          Route.of("GET", "/v1/facts/{key}/history", "facts.history"),
          Route.of("POST", "/v1/facts/{key}/values", "facts.add"),
          Route.of("DELETE", "/v1/facts/{key}/values", "facts.remove"),
          Route.of("GET", "/v1/prompts/facts", "facts.prompt"),
          Route.of("POST", "/v1/turns", "turns.add"),
          Route.of("GET", "/v1/turns", "turns.list"),
          Route.of("POST", "/v1/context", "context"),
          Route.of("GET", "/v1/assemblies", "assemblies.list"),
          Route.of("GET", "/v1/assemblies/{name}", "assemblies.get"),
          Route.of("PUT", "/v1/assemblies/{name}", "assemblies.put"),
          Route.of("DELETE", "/v1/assemblies/{name}", "assemblies.forget"),
          Route.of("GET", "/v1/assemblies/{name}/members", "assemblies.members"),
          Route.of("POST", "/v1/assemblies/{name}/members", "assemblies.add"),
          Route.of("DELETE", "/v1/assemblies/{name}/members", "assemblies.remove"),
          Route.of("GET", "/v1/assemblies/{name}/composites", "assemblies.composites"),
          Route.of("GET", "/v1/similar/assemblies", "assemblies.similar"),
          Route.of("POST", "/v1/similar/assemblies", "assemblies.similar"),
          Route.of("GET", "/v1/sessions", "sessions"),
          Route.of("GET", "/v1/stats", "stats"),
          Route.of("GET", "/v1/status", "status"),
          Route.of("GET", "/v1/doctor", "doctor"),
          Route.of("GET", "/v1/log", "log"),
          Route.of("POST", "/v1/verify", "verify"),
          Route.of("POST", "/v1/anchor", "saveAnchor"),
          Route.of("POST", "/v1/backup", "backup"),
          Route.of("POST", "/v1/compact", "compact"),
          Route.of("POST", "/v1/embed", "embed"),
          Route.of("POST", "/v1/export", "export"),
          Route.of("POST", "/v1/import", "import"));

  private Routes() {}
}
