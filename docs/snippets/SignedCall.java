import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * One signed call: GET /v3/insured/status?cardNo=CARD_NO. Needs the JDK (11 or newer) alone.
 *
 * <pre>java SignedCall.java BASE_URL KEY_ID KEY_FILE CARD_NO [v3.2.0 | v3.3.0]</pre>
 *
 * KEY_FILE holds for v3.2.0 the secret as the server gave it, for v3.3.0 the P-256 private key in PEM (PKCS #8).
 * Prints the answer's body; the exit code is 0 if the call was admitted.
 */
public final class SignedCall {
    public static void main(String[] arguments) throws Exception {
        String profile = arguments.length == 5 ? arguments[4] : "v3.2.0";
        if (arguments.length < 4 || arguments.length > 5 || !profile.matches("v3\\.2\\.0|v3\\.3\\.0")) {
            System.err.println("usage: SignedCall BASE_URL KEY_ID KEY_FILE CARD_NO [v3.2.0 | v3.3.0]");
            System.exit(2);
        }
        String cardNo = arguments[3];
        String base = arguments[0].replaceAll("/+$", "");
        URI address = URI.create(
            base + "/v3/insured/status?cardNo=" + URLEncoder.encode(cardNo, StandardCharsets.UTF_8));
        HttpRequest.Builder request = HttpRequest.newBuilder(address).timeout(Duration.ofSeconds(30));
        // cardNo or card_no may travel; what is signed is snake_case.
        signedFields(profile, arguments[1], Path.of(arguments[2]), Map.of("card_no", cardNo))
            .forEach(request::header);
        var answer = HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofByteArray());
        System.out.write(answer.body());
        System.out.println();
        System.exit(answer.statusCode() / 100 == 2 ? 0 : 1);
    }

    /** Call this as the request leaves, and again for a retry: time and nonce are good for one sending. */
    static Map<String, String> signedFields(
            String profile, String keyId, Path keyFile, Map<String, Object> parameters) throws Exception {
        boolean isHmac = profile.equals("v3.2.0");
        String seconds = Long.toString(Instant.now().getEpochSecond());
        byte[] random = new byte[18];
        new SecureRandom().nextBytes(random);
        String nonce = Base64.getUrlEncoder().withoutPadding().encodeToString(random); // 24 characters
        String canonical = isHmac ? canonicalPython(parameters) : canonicalJcs(parameters);
        byte[] text = (seconds + "|" + nonce + "|" + canonical).getBytes(StandardCharsets.UTF_8);
        byte[] signature = isHmac ? hmac(text, keyFile) : ecdsa(text, keyFile);
        return Map.of(
            "X-Api-Version", profile,
            "X-Key-Id", keyId,
            "X-Timestamp", seconds,
            "X-Nonce", nonce,
            "X-Signature", Base64.getEncoder().encodeToString(signature));
    }

    /** v3.2.x: names by code point, everything outside printable ASCII escaped. */
    static String canonicalPython(Map<String, Object> parameters) {
        return json(parameters, Comparator.comparing(name -> name.codePoints().toArray(), Arrays::compare), true);
    }

    /** v3.3.0, gm (RFC 8785): names by UTF-16 unit, which is how Java compares, and raw text. */
    static String canonicalJcs(Map<String, Object> parameters) {
        return json(parameters, Comparator.naturalOrder(), false);
    }

    /** A flat object of strings and integers (Integer, Long; for v3.2.x BigInteger, too). */
    private static String json(Map<String, Object> parameters, Comparator<String> order, boolean isAscii) {
        Map<String, Object> sorted = new TreeMap<>(order);
        sorted.putAll(parameters);
        StringBuilder json = new StringBuilder();
        sorted.forEach((name, value) -> {
            json.append(json.length() == 0 ? '{' : ',');
            append(name, isAscii, json);
            json.append(':');
            if (value instanceof String) {
                append(stripped((String) value), isAscii, json);
            } else {
                json.append(value);
            }
        });
        return json.length() == 0 ? "{}" : json.append('}').toString();
    }

    private static void append(String text, boolean isAscii, StringBuilder json) {
        json.append('"');
        for (char unit : text.toCharArray()) {
            int letter = "\b\f\n\r\t\"\\".indexOf(unit);
            if (letter >= 0) {
                json.append('\\').append("bfnrt\"\\".charAt(letter));
            } else if (unit < 0x20 || isAscii && unit > 0x7e) {
                json.append(String.format("\\u%04x", (int) unit));
            } else {
                json.append(unit);
            }
        }
        json.append('"');
    }

    /** Without what Python's str.strip() takes off; String.strip() leaves U+00A0, U+0085 and others. */
    private static String stripped(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && isSpace(text.charAt(start))) start++;
        while (end > start && isSpace(text.charAt(end - 1))) end--;
        return text.substring(start, end);
    }

    private static boolean isSpace(char unit) {
        return unit >= 0x09 && unit <= 0x0d || unit >= 0x1c && unit <= 0x20 || unit == 0x85 || unit == 0xa0
            || unit == 0x1680 || unit >= 0x2000 && unit <= 0x200a || unit == 0x2028 || unit == 0x2029
            || unit == 0x202f || unit == 0x205f || unit == 0x3000;
    }

    private static byte[] hmac(byte[] text, Path keyFile) throws Exception {
        byte[] secret = Base64.getUrlDecoder().decode(Files.readString(keyFile).strip());
        if (secret.length != 32) throw new GeneralSecurityException("the secret isn't 32 bytes in base64url");
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret, "HmacSHA256"));
        return mac.doFinal(text);
    }

    private static byte[] ecdsa(byte[] text, Path keyFile) throws Exception {
        String base64 = Files.readString(keyFile).replaceAll("-----[A-Z ]+-----", "");
        byte[] bytes = Base64.getMimeDecoder().decode(base64);
        PrivateKey key = KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(bytes));
        Signature signature = Signature.getInstance("SHA256withECDSA"); // DER
        signature.initSign(key);
        signature.update(text);
        return signature.sign();
    }
}
