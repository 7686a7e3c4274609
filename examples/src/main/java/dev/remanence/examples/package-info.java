/// Programs to read first.
package dev.remanence.examples;
