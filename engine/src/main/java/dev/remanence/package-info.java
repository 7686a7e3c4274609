/// Long-term memory for AI agents. Start at [Remanence#open(java.nio.file.Path)].
package dev.remanence;
