package dev.remanence;

import org.jspecify.annotations.Nullable;

/// How to import.
///
/// @param strict stop at the first bad line and take nothing in
/// @param scope where lines that are plain memories without a scope of their own go
public record ImportOptions(boolean strict, @Nullable String scope) {
  public static final ImportOptions DEFAULT = new ImportOptions(false, null);
}
