/// From a question to hits.
package dev.remanence.recall;
