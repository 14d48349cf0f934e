// One signed call: GET /v3/insured/status?cardNo=CARD_NO. Needs Node.js 18, no packages.
//
//     node signed_call.mjs BASE_URL KEY_ID KEY_FILE CARD_NO [v3.2.0 | v3.3.0]
//
// KEY_FILE holds for v3.2.0 the secret as the server gave it, for v3.3.0 the P-256 private key in PEM. Prints the
// answer's body; the exit code is 0 if the call was admitted.

import { createHmac, randomBytes, sign } from "node:crypto";
import { readFileSync } from "node:fs";

// Both sides strip what Python's str.strip() strips. trim() takes U+FEFF and leaves U+0085 and U+001C–001F.
const SPACE = "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+";
const ENDS = new RegExp(`^${SPACE}|${SPACE}$`, "g");

// A flat object of strings and integers (BigInt beyond 2^53, v3.2.x only), its names in the order given.
function json(parameters, order) {
  const members = Object.keys(parameters).sort(order).map((name) => {
    const value = parameters[name];
    const text = typeof value === "string" ? JSON.stringify(value.replace(ENDS, "")) : `${value}`;
    return `${JSON.stringify(name)}:${text}`;
  });
  return `{${members.join(",")}}`;
}

// v3.2.x: names by code point, everything outside printable ASCII as \uXXXX.
function canonicalPython(parameters) {
  const byCodePoint = (a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b));
  const escaped = (unit) => "\\u" + unit.charCodeAt(0).toString(16).padStart(4, "0");
  return json(parameters, byCodePoint).replace(/[\x7f-\uffff]/g, escaped);
}

// v3.3.0, gm (RFC 8785): names by UTF-16 unit, which is how sort() compares, and raw text.
function canonicalJCS(parameters) {
  return json(parameters);
}

function signatureHMAC(text, keyFile) {
  const secret = Buffer.from(readFileSync(keyFile, "ascii").trim(), "base64url");
  if (secret.length !== 32) throw new Error("the secret isn't 32 bytes in base64url");
  return createHmac("sha256", secret).update(text).digest();
}

function signatureECDSA(text, keyFile) {
  return sign("sha256", text, { key: readFileSync(keyFile), dsaEncoding: "der" });
}

const PROFILES = {
  "v3.2.0": [canonicalPython, signatureHMAC],
  "v3.3.0": [canonicalJCS, signatureECDSA],
};

// Call this as the request leaves, and again for a retry: time and nonce are good for one sending.
function signedFields(profile, keyID, keyFile, parameters) {
  const [canonical, signature] = PROFILES[profile];
  const seconds = Math.floor(Date.now() / 1000);
  const nonce = randomBytes(18).toString("base64url"); // 24 characters
  const text = Buffer.from(`${seconds}|${nonce}|${canonical(parameters)}`);
  return {
    "X-Api-Version": profile,
    "X-Key-Id": keyID,
    "X-Timestamp": `${seconds}`,
    "X-Nonce": nonce,
    "X-Signature": signature(text, keyFile).toString("base64"),
  };
}

const [baseURL, keyID, keyFile, cardNo, profile = "v3.2.0"] = process.argv.slice(2);
if (cardNo === undefined || !(profile in PROFILES) || process.argv.length > 7) {
  console.error("usage: signed_call.mjs BASE_URL KEY_ID KEY_FILE CARD_NO [v3.2.0 | v3.3.0]");
  process.exit(2);
}
const url = `${baseURL.replace(/\/+$/, "")}/v3/insured/status?cardNo=${encodeURIComponent(cardNo)}`;
// cardNo or card_no may travel; what is signed is snake_case.
const headers = signedFields(profile, keyID, keyFile, { card_no: cardNo });
const answer = await fetch(url, { headers, signal: AbortSignal.timeout(30_000) });
console.log(await answer.text());
process.exitCode = answer.ok ? 0 : 1;
