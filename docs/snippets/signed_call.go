// One signed call: GET /v3/insured/status?cardNo=CARD_NO. Needs Go 1.18, no modules.
//
//	go run signed_call.go BASE_URL KEY_ID KEY_FILE CARD_NO [v3.2.0 | v3.3.0]
//
// KEY_FILE holds for v3.2.0 the secret as the server gave it, for v3.3.0 the P-256 private key in PEM (PKCS #8).
// Prints the answer's body; the exit code is 0 if the call was admitted.
package main

import (
	"crypto/ecdsa"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"sort"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
)

// isSpace says what Python's str.strip() takes off; strings.TrimSpace leaves U+001C–001F.
func isSpace(r rune) bool {
	switch {
	case r >= 0x09 && r <= 0x0d, r >= 0x1c && r <= 0x20, r == 0x85, r == 0xa0, r == 0x1680:
		return true
	case r >= 0x2000 && r <= 0x200a, r == 0x2028, r == 0x2029, r == 0x202f, r == 0x205f, r == 0x3000:
		return true
	}
	return false
}

func quoted(text string, ascii bool) string {
	var out strings.Builder
	out.WriteByte('"')
	for _, r := range text {
		if i := strings.IndexRune("\b\f\n\r\t\"\\", r); i >= 0 {
			out.WriteByte('\\')
			out.WriteByte("bfnrt\"\\"[i])
		} else if r < 0x20 || ascii && r > 0x7e {
			for _, unit := range utf16.Encode([]rune{r}) {
				fmt.Fprintf(&out, "\\u%04x", unit)
			}
		} else {
			out.WriteRune(r)
		}
	}
	out.WriteByte('"')
	return out.String()
}

// canonical writes a flat map of strings and integers (int, int64; for v3.2.x *big.Int, too), its names in the
// order that less defines.
func canonical(parameters map[string]any, ascii bool, less func(a, b string) bool) string {
	names := make([]string, 0, len(parameters))
	for name := range parameters {
		names = append(names, name)
	}
	sort.Slice(names, func(i, j int) bool { return less(names[i], names[j]) })
	members := make([]string, 0, len(names))
	for _, name := range names {
		value := fmt.Sprint(parameters[name])
		if text, ok := parameters[name].(string); ok {
			value = quoted(strings.TrimFunc(text, isSpace), ascii)
		}
		members = append(members, quoted(name, ascii)+":"+value)
	}
	return "{" + strings.Join(members, ",") + "}"
}

// canonicalPython is v3.2.x: names by code point, everything outside printable ASCII escaped.
func canonicalPython(parameters map[string]any) string {
	return canonical(parameters, true, func(a, b string) bool { return a < b })
}

// canonicalJCS is v3.3.0 and gm (RFC 8785): names by UTF-16 unit, raw text.
func canonicalJCS(parameters map[string]any) string {
	return canonical(parameters, false, func(a, b string) bool {
		left, right := utf16.Encode([]rune(a)), utf16.Encode([]rune(b))
		for i := 0; i < len(left) && i < len(right); i++ {
			if left[i] != right[i] {
				return left[i] < right[i]
			}
		}
		return len(left) < len(right)
	})
}

func signatureHMAC(text []byte, keyFile string) ([]byte, error) {
	file, err := os.ReadFile(keyFile)
	if err != nil {
		return nil, err
	}
	secret, err := base64.RawURLEncoding.DecodeString(strings.TrimSpace(string(file)))
	if err != nil || len(secret) != 32 {
		return nil, errors.New("the secret isn't 32 bytes in base64url")
	}
	mac := hmac.New(sha256.New, secret)
	mac.Write(text)
	return mac.Sum(nil), nil
}

func signatureECDSA(text []byte, keyFile string) ([]byte, error) {
	file, err := os.ReadFile(keyFile)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(file)
	if block == nil {
		return nil, errors.New("the key file isn't PEM")
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, err
	}
	key, ok := parsed.(*ecdsa.PrivateKey)
	if !ok {
		return nil, errors.New("the key isn't for ECDSA")
	}
	digest := sha256.Sum256(text)
	return ecdsa.SignASN1(rand.Reader, key, digest[:]) // DER
}

// sign sets the fields. Call it as the request leaves, and again for a retry: time and nonce are good for one
// sending.
func sign(request *http.Request, profile, keyID, keyFile string, parameters map[string]any) error {
	seconds := strconv.FormatInt(time.Now().Unix(), 10)
	random := make([]byte, 18)
	if _, err := rand.Read(random); err != nil {
		return err
	}
	nonce := base64.RawURLEncoding.EncodeToString(random) // 24 characters
	canonical, signature := canonicalPython, signatureHMAC
	if profile == "v3.3.0" {
		canonical, signature = canonicalJCS, signatureECDSA
	}
	bytes, err := signature([]byte(seconds+"|"+nonce+"|"+canonical(parameters)), keyFile)
	if err != nil {
		return err
	}
	request.Header.Set("X-Api-Version", profile)
	request.Header.Set("X-Key-Id", keyID)
	request.Header.Set("X-Timestamp", seconds)
	request.Header.Set("X-Nonce", nonce)
	request.Header.Set("X-Signature", base64.StdEncoding.EncodeToString(bytes))
	return nil
}

// call returns whether the call was admitted.
func call(baseURL, keyID, keyFile, cardNo, profile string) (bool, error) {
	address := strings.TrimRight(baseURL, "/") + "/v3/insured/status?cardNo=" + url.QueryEscape(cardNo)
	request, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		return false, err
	}
	// cardNo or card_no may travel; what is signed is snake_case.
	if err := sign(request, profile, keyID, keyFile, map[string]any{"card_no": cardNo}); err != nil {
		return false, err
	}
	client := http.Client{Timeout: 30 * time.Second}
	answer, err := client.Do(request)
	if err != nil {
		return false, err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	fmt.Println(string(body))
	return answer.StatusCode/100 == 2, err
}

func main() {
	arguments := os.Args[1:]
	if len(arguments) == 4 {
		arguments = append(arguments, "v3.2.0")
	}
	if len(arguments) != 5 || arguments[4] != "v3.2.0" && arguments[4] != "v3.3.0" {
		fmt.Fprintln(os.Stderr, "usage: signed_call BASE_URL KEY_ID KEY_FILE CARD_NO [v3.2.0 | v3.3.0]")
		os.Exit(2)
	}
	admitted, err := call(arguments[0], arguments[1], arguments[2], arguments[3], arguments[4])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	if err != nil || !admitted {
		os.Exit(1)
	}
}
