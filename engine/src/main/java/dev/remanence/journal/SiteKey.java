package dev.remanence.journal;

import dev.remanence.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// A site's Ed25519 key pair. The site's id is the first 16 bytes of the SHA-256 of its public key.
/// Ed25519 signatures are deterministic, so a head signed twice has the same signature.
final class SiteKey {
  private static final String ALGORITHM = "Ed25519";

  private final PrivateKey privateKey;
  private final byte[] publicKey;

  private SiteKey(PrivateKey privateKey, byte[] publicKey) {
    this.privateKey = privateKey;
    this.publicKey = publicKey;
  }

  static SiteKey generate() {
    try {
      var pair = KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
      return new SiteKey(pair.getPrivate(), pair.getPublic().getEncoded());
    } catch (GeneralSecurityException e) {
      throw new AssertionError("this Java platform has Ed25519", e);
    }
  }

  static Path path(Path directory) {
    return directory.resolve("site.key");
  }

  /// The key in a store's directory, or null where there is none or none that works.
  static @Nullable SiteKey read(Path directory) throws IOException {
    var file = path(directory);
    if (Files.notExists(file)) {
      return null;
    }
    try {
      if (!(Json.parse(Files.readAllBytes(file)) instanceof Json.Obj json)
          || !(json.get("private") instanceof Json.Str(var privateText))
          || !(json.get("public") instanceof Json.Str(var publicText))) {
        return null;
      }
      var publicKey = Base64.getDecoder().decode(publicText);
      var key =
          new SiteKey(
              KeyFactory.getInstance(ALGORITHM)
                  .generatePrivate(
                      new PKCS8EncodedKeySpec(Base64.getDecoder().decode(privateText))),
              publicKey);
      var probe = Hash.zero();
      return verifies(publicKey, probe, key.sign(probe)) ? key : null;
    } catch (GeneralSecurityException
        | IllegalArgumentException
        | dev.remanence.RemanenceException e) {
      return null;
    }
  }

  void write(Path directory) throws IOException {
    var json =
        Json.object()
            .put("private", Json.of(Base64.getEncoder().encodeToString(privateKey.getEncoded())))
            .put("public", Json.of(Base64.getEncoder().encodeToString(publicKey)))
            .build();
    Disk.replace(path(directory), (json + "\n").getBytes(StandardCharsets.US_ASCII));
  }

  byte[] id() {
    return idOf(publicKey);
  }

  static byte[] idOf(byte[] publicKey) {
    return Hash.reference(Hash.sha256(publicKey));
  }

  /// The public key in its X.509 encoding.
  byte[] publicKey() {
    return publicKey.clone();
  }

  byte[] sign(byte[] message) {
    try {
      var signature = Signature.getInstance(ALGORITHM);
      signature.initSign(privateKey);
      signature.update(message);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new AssertionError("a key that signed before signs again", e);
    }
  }

  static boolean verifies(byte[] publicKey, byte[] message, byte[] signatureBytes) {
    try {
      PublicKey key =
          KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(publicKey));
      var signature = Signature.getInstance(ALGORITHM);
      signature.initVerify(key);
      signature.update(message);
      return signature.verify(signatureBytes);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}
