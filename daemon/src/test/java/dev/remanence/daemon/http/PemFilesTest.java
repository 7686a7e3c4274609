package dev.remanence.daemon.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remanence.RemanenceException.InvalidInput;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Certificates and keys in PEM, and a conversation over TLS with them.
final class PemFilesTest {
  private static final char[] PASSWORD = "changeit".toCharArray();

  @TempDir private Path directory;

  private record Pair(Path certificate, Path key, Certificate trusted) {}

  private Pair pair(String algorithm, String name) throws Exception {
    var store = directory.resolve(name + ".p12");
    var keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    var made =
        new ProcessBuilder(
                List.of(
                    keytool,
                    "-genkeypair",
                    "-alias",
                    "a",
                    "-keyalg",
                    algorithm,
                    "-dname",
                    "CN=localhost",
                    "-ext",
                    "san=dns:localhost",
                    "-storetype",
                    "PKCS12",
                    "-keystore",
                    store.toString(),
                    "-storepass",
                    new String(PASSWORD)))
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("keytool.log").toFile())
            .start()
            .waitFor();
    assertThat(made).isZero();
    var keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD);
    }
    var certificate = directory.resolve(name + ".crt");
    var key = directory.resolve(name + ".key");
    Files.writeString(
        certificate, "a note\n" + pem("CERTIFICATE", keys.getCertificate("a").getEncoded()));
    Files.writeString(key, pem("PRIVATE KEY", keys.getKey("a", PASSWORD).getEncoded()));
    return new Pair(certificate, key, keys.getCertificate("a"));
  }

  private static String pem(String type, byte[] bytes) {
    var lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
    return "-----BEGIN " + type + "-----\n" + lines + "\n-----END " + type + "-----\n";
  }

  @ParameterizedTest
  @ValueSource(strings = {"RSA", "EC"})
  void aPair_servesTls(String algorithm) throws Exception {
    var pair = pair(algorithm, "server");
    var settings = HttpSettings.of("0", List.of(), List.of(), pair.certificate(), pair.key());
    try (var served = new Served(directory, settings)) {
      assertThat(served.surface.url()).startsWith("https://127.0.0.1:");
      try (var socket = trusting(pair.trusted(), served.surface.port())) {
        var request = "GET /v1/stats HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
            .startsWith("HTTP/1.1 200")
            .contains("\"memories\":0");
        assertThat(socket.getSession().getProtocol()).isEqualTo("TLSv1.3");
      }
      assertThat(Raw.answer(served.surface.port(), "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"))
          .doesNotContain("HTTP/1.1 2");
    }
  }

  private static SSLSocket trusting(Certificate certificate, int port) throws Exception {
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setCertificateEntry("server", certificate);
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    var context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    var socket =
        (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(20_000);
    return socket;
  }

  @Test
  void whatDoesNotFit_isRefusedAtTheStart() throws Exception {
    var one = pair("EC", "one");
    var other = pair("EC", "other");
    var broken = directory.resolve("broken.pem");
    Files.writeString(broken, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
    for (var wrong :
        Map.of(
                one.certificate(),
                other.key(),
                one.key(),
                one.certificate(),
                broken,
                one.key(),
                directory.resolve("none.pem"),
                one.key(),
                other.certificate(),
                broken)
            .entrySet()) {
      assertThatThrownBy(() -> PemFiles.context(wrong.getKey(), wrong.getValue()))
          .as(wrong.toString())
          .isInstanceOf(InvalidInput.class);
    }
    assertThatThrownBy(() -> HttpSettings.of("1", List.of(), List.of(), one.certificate(), null))
        .isInstanceOf(InvalidInput.class);
  }

  @Test
  void places_areReadStrictly() throws IOException {
    assertThat(HttpSettings.of("8765", List.of(), List.of(), null, null).host())
        .isEqualTo("127.0.0.1");
    assertThat(HttpSettings.of("[::1]:8765", List.of(), List.of(), null, null).port())
        .isEqualTo(8765);
    for (var wrong : List.of("", "x", "70000", "a b:1", ":1", "http://x:1", "1:2:3")) {
      assertThatThrownBy(() -> HttpSettings.of(wrong, List.of(), List.of(), null, null))
          .as(wrong)
          .isInstanceOf(InvalidInput.class);
    }
    assertThatThrownBy(() -> HttpSettings.of("1", List.of(), List.of("*"), null, null))
        .isInstanceOf(InvalidInput.class);
  }
}
