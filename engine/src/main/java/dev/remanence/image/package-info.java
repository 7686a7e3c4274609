/// A scope laid out for reading, derived from the journal and disposable: [ScopeImage] holds the
/// columns, [Images] loads them on first use and brings them up to date.
package dev.remanence.image;
