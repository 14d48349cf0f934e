// One signed call: GET /v3/insured/status?cardNo=CARD_NO. Needs .NET 8, no packages.
//
//     dotnet run --project SignedCall.csproj BASE_URL KEY_ID KEY_FILE CARD_NO [v3.2.0 | v3.3.0]
//
// KEY_FILE holds for v3.2.0 the secret as the server gave it, for v3.3.0 the P-256 private key in PEM. Prints the
// answer's body; the exit code is 0 if the call was admitted.

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Tasks;

internal static class SignedCall
{
    private static async Task<int> Main(string[] arguments)
    {
        string profile = arguments.Length == 5 ? arguments[4] : "v3.2.0";
        if (arguments.Length is < 4 or > 5 || profile is not ("v3.2.0" or "v3.3.0"))
        {
            Console.Error.WriteLine("usage: SignedCall BASE_URL KEY_ID KEY_FILE CARD_NO [v3.2.0 | v3.3.0]");
            return 2;
        }
        string cardNo = arguments[3];
        string url = arguments[0].TrimEnd('/') + "/v3/insured/status?cardNo=" + Uri.EscapeDataString(cardNo);
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(30) };
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        // cardNo or card_no may travel; what is signed is snake_case.
        var parameters = new Dictionary<string, object> { ["card_no"] = cardNo };
        Sign(request, profile, arguments[1], arguments[2], parameters);
        using HttpResponseMessage answer = await client.SendAsync(request);
        byte[] body = await answer.Content.ReadAsByteArrayAsync();
        using Stream output = Console.OpenStandardOutput();
        output.Write(body);
        output.WriteByte((byte)'\n');
        return answer.IsSuccessStatusCode ? 0 : 1;
    }

    /// <summary>Sets the fields. Call it as the request leaves, and again for a retry: time and nonce are good
    /// for one sending.</summary>
    private static void Sign(
        HttpRequestMessage request, string profile, string keyId, string keyFile,
        IReadOnlyDictionary<string, object> parameters)
    {
        string seconds = DateTimeOffset.UtcNow.ToUnixTimeSeconds().ToString();
        // 18 bytes are 24 characters without padding.
        string nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(18)).Replace('+', '-').Replace('/', '_');
        bool isHmac = profile == "v3.2.0";
        string canonical = isHmac ? CanonicalPython(parameters) : CanonicalJcs(parameters);
        byte[] text = Encoding.UTF8.GetBytes($"{seconds}|{nonce}|{canonical}");
        byte[] signature = isHmac ? Hmac(text, keyFile) : Ecdsa(text, keyFile);
        request.Headers.Add("X-Api-Version", profile);
        request.Headers.Add("X-Key-Id", keyId);
        request.Headers.Add("X-Timestamp", seconds);
        request.Headers.Add("X-Nonce", nonce);
        request.Headers.Add("X-Signature", Convert.ToBase64String(signature));
    }

    /// <summary>v3.2.x: names by code point, everything outside printable ASCII escaped.</summary>
    private static string CanonicalPython(IReadOnlyDictionary<string, object> parameters)
    {
        var byCodePoint = Comparer<string>.Create(
            (a, b) => Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b)));
        return Json(parameters, byCodePoint, isAscii: true);
    }

    /// <summary>v3.3.0, gm (RFC 8785): names by UTF-16 unit, raw text.</summary>
    private static string CanonicalJcs(IReadOnlyDictionary<string, object> parameters) =>
        Json(parameters, StringComparer.Ordinal, isAscii: false);

    /// <summary>A flat object of strings and integers (int, long; for v3.2.x BigInteger, too).</summary>
    private static string Json(
        IReadOnlyDictionary<string, object> parameters, IComparer<string> order, bool isAscii)
    {
        IEnumerable<string> members = parameters.OrderBy(member => member.Key, order).Select(member =>
        {
            string value = member.Value is string text
                ? Quoted(Stripped(text), isAscii)
                : FormattableString.Invariant($"{member.Value}");
            return Quoted(member.Key, isAscii) + ":" + value;
        });
        return "{" + string.Join(",", members) + "}";
    }

    private static string Quoted(string text, bool isAscii)
    {
        var json = new StringBuilder("\"");
        foreach (char unit in text)
        {
            int letter = "\b\f\n\r\t\"\\".IndexOf(unit);
            if (letter >= 0)
            {
                json.Append('\\').Append("bfnrt\"\\"[letter]);
            }
            else if (unit < 0x20 || (isAscii && unit > 0x7e))
            {
                json.Append("\\u").Append(((int)unit).ToString("x4"));
            }
            else
            {
                json.Append(unit);
            }
        }
        return json.Append('"').ToString();
    }

    /// <summary>Without what Python's str.strip() takes off; Trim() leaves U+001C to U+001F.</summary>
    private static string Stripped(string text)
    {
        int start = 0;
        int end = text.Length;
        while (start < end && IsSpace(text[start])) start++;
        while (end > start && IsSpace(text[end - 1])) end--;
        return text[start..end];
    }

    private static bool IsSpace(int unit) =>
        unit is (>= 0x09 and <= 0x0d) or (>= 0x1c and <= 0x20) or 0x85 or 0xa0 or 0x1680
            or (>= 0x2000 and <= 0x200a) or 0x2028 or 0x2029 or 0x202f or 0x205f or 0x3000;

    private static byte[] Hmac(byte[] text, string keyFile)
    {
        string base64 = File.ReadAllText(keyFile).Trim().Replace('-', '+').Replace('_', '/');
        byte[] secret = Convert.FromBase64String(base64 + "=");
        if (secret.Length != 32) throw new CryptographicException("the secret isn't 32 bytes in base64url");
        return HMACSHA256.HashData(secret, text);
    }

    private static byte[] Ecdsa(byte[] text, string keyFile)
    {
        using var key = ECDsa.Create();
        key.ImportFromPem(File.ReadAllText(keyFile));
        return key.SignData(text, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
    }
}
