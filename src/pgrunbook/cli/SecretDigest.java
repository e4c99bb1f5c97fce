package pgrunbook.cli;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import pgrunbook.text.Secret;

/**
 * Tells whether a secret is the same as before, without keeping it. Whoever reads the journal, its
 * owner, could guess at it: the salt makes each run a guess of its own, the rounds make it a dear
 * one.
 *
 * @param text salt and digest in hexadecimal digits, a colon between them
 */
record SecretDigest(String text) {
  private static final int ROUNDS = 300_000;
  private static final int SALT_BYTES = 16;
  private static final int BITS = 256;
  private static final HexFormat HEX = HexFormat.of();
  private static final SecureRandom RANDOM = new SecureRandom();

  static SecretDigest of(Secret secret) {
    var salt = new byte[SALT_BYTES];
    RANDOM.nextBytes(salt);
    return of(secret, salt);
  }

  private static SecretDigest of(Secret secret, byte[] salt) {
    try {
      var key = new PBEKeySpec(secret.reveal().toCharArray(), salt, ROUNDS, BITS);
      var digest = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(key);
      return new SecretDigest(HEX.formatHex(salt) + ":" + HEX.formatHex(digest.getEncoded()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has PBKDF2", e);
    }
  }

  /** Whether it was made of this secret. */
  boolean isOf(Secret secret) {
    var again = of(secret, HEX.parseHex(text.substring(0, text.indexOf(':'))));
    return MessageDigest.isEqual(bytes(text), bytes(again.text));
  }

  private static byte[] bytes(String hex) {
    return HEX.parseHex(hex.substring(hex.indexOf(':') + 1));
  }
}
