package dev.remanence.cli;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;

/// The `remanence` command.
final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    // System.out would write in the locale's encoding and keep quiet about a failed write.
    var invocation =
        new Invocation(
            System.getenv(),
            new FileInputStream(FileDescriptor.in),
            new FileOutputStream(FileDescriptor.out),
            new FileOutputStream(FileDescriptor.err),
            Terminal.of(System.getenv()));
    System.exit(invocation.run(arguments).number());
  }
}
