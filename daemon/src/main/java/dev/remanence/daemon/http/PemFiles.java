package dev.remanence.daemon.http;

import dev.remanence.RemanenceException.InvalidInput;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/// A certificate chain and its key, read from PEM files: what tools for certificates write, without
/// a detour through a keystore. The key is PKCS#8 (`BEGIN PRIVATE KEY`), RSA or EC.
final class PemFiles {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");
  private static final long FILE_BYTES_MAX = 1 << 20;

  private PemFiles() {}

  static SSLContext context(Path certificates, Path key) {
    try {
      var chain = chain(certificates);
      var privateKey = key(key);
      requirePair(chain.getFirst(), privateKey, key);
      var store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      // The store lives in memory only; its password protects nothing.
      var password = new char[0];
      store.setKeyEntry("server", privateKey, password, chain.toArray(Certificate[]::new));
      var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      managers.init(store, password);
      var context = SSLContext.getInstance("TLS");
      context.init(managers.getKeyManagers(), null, null);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw new InvalidInput(
          "cannot use " + certificates + " and " + key + " for TLS: " + e.getMessage(),
          "field",
          "tls-cert");
    }
  }

  private record Block(String type, byte[] bytes) {}

  private static List<Block> blocks(Path file) throws IOException {
    if (Files.size(file) > FILE_BYTES_MAX) {
      throw new IOException(file + " is too large");
    }
    var found = BLOCK.matcher(Files.readString(file, StandardCharsets.US_ASCII));
    var blocks = new ArrayList<Block>();
    while (found.find()) {
      blocks.add(new Block(found.group(1), Base64.getMimeDecoder().decode(found.group(2))));
    }
    return blocks;
  }

  private static List<Certificate> chain(Path file) throws IOException, GeneralSecurityException {
    var factory = CertificateFactory.getInstance("X.509");
    var chain = new ArrayList<Certificate>();
    for (var block : blocks(file)) {
      if (block.type.equals("CERTIFICATE")) {
        chain.add(factory.generateCertificate(new ByteArrayInputStream(block.bytes)));
      }
    }
    if (chain.isEmpty()) {
      throw new IOException("no BEGIN CERTIFICATE in " + file);
    }
    return chain;
  }

  private static PrivateKey key(Path file) throws IOException, GeneralSecurityException {
    for (var block : blocks(file)) {
      if (block.type.equals("PRIVATE KEY")) {
        var spec = new PKCS8EncodedKeySpec(block.bytes);
        try {
          return KeyFactory.getInstance("RSA").generatePrivate(spec);
        } catch (InvalidKeySpecException _) {
          return KeyFactory.getInstance("EC").generatePrivate(spec);
        }
      }
    }
    throw new IOException(
        "no BEGIN PRIVATE KEY in " + file + "; openssl pkcs8 -topk8 -nodes makes one of another");
  }

  /// Said at the start, and not at the first handshake.
  private static void requirePair(Certificate certificate, PrivateKey key, Path file)
      throws IOException, GeneralSecurityException {
    var algorithm = key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
    var signing = Signature.getInstance(algorithm);
    signing.initSign(key);
    signing.update(new byte[32]);
    var signed = signing.sign();
    if (certificate.getPublicKey().getAlgorithm().equals(key.getAlgorithm())) {
      var verifying = Signature.getInstance(algorithm);
      verifying.initVerify(certificate.getPublicKey());
      verifying.update(new byte[32]);
      if (verifying.verify(signed)) {
        return;
      }
    }
    throw new IOException(file + " is not the key of the certificate");
  }
}
