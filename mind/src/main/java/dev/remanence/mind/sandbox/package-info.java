/// Small programs in restricted Python, in-process and within limits: docs/sandbox.md. Read
/// [Sandbox], then [SandboxLimits], [HostFunction] and [Outcome]; inside, a text goes through
/// `Lexer`, `Parser` and `Evaluator`, and everything it spends goes through `Meter`.
@NullMarked
package dev.remanence.mind.sandbox;

import org.jspecify.annotations.NullMarked;
