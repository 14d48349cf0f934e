import Crypto
public import HTTPTypes

/// The `Content-Digest` of RFC 9530: what ties a body to a signature that covers only fields.
public enum ContentDigest {
    /// The algorithms of RFC 9530 §5 that resist forgery; all others are ignored.
    public enum Algorithm: String, Sendable, CaseIterable {
        case sha256 = "sha-256"
        case sha512 = "sha-512"

        /// The digest of a body.
        public func digest(of body: [UInt8]) -> [UInt8] {
            switch self {
            case .sha256: Array(SHA256.hash(data: body))
            case .sha512: Array(SHA512.hash(data: body))
            }
        }
    }

    /// The field's value for a body: `sha-256=:…:`.
    public static func fieldValue(for body: [UInt8], using algorithm: Algorithm = .sha256) -> String {
        String(decoding: field(for: body, using: algorithm), as: UTF8.self)
    }

    private static func field(for body: [UInt8], using algorithm: Algorithm) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(104)
        text.append(contentsOf: algorithm.rawValue.utf8)
        text.append(contentsOf: "=:".utf8)
        switch algorithm {
        case .sha256: ByteSequence.append(SHA256.hash(data: body), to: &text)
        case .sha512: ByteSequence.append(SHA512.hash(data: body), to: &text)
        }
        text.append(UInt8(ascii: ":"))
        return text
    }

    /// Checks every digest of a known algorithm against the body.
    ///
    /// - Throws: `content_digest_missing` if the message has none, `content_digest_malformed` if the field is
    ///   not a dictionary of byte sequences or names an algorithm twice, `content_digest_unsupported` if it has
    ///   neither sha-256 nor sha-512, `content_digest_mismatch` if one is not the body's.
    public static func check(_ body: [UInt8], against fields: HTTPFields) throws(SigningRefusal) {
        guard let text = FieldText.combined("content-digest", in: fields) else {
            throw SigningRefusal(.contentDigestMissing, "A request with a body carries Content-Digest.")
        }
        // Nearly every request carries just this; anything else is read and judged below.
        if text.starts(with: "sha-256=:".utf8), text == field(for: body, using: .sha256) { return }
        let digests: [(Algorithm, [UInt8])]
        do throws(StructuredFieldScanner.Malformed) {
            digests = try read(text)
        } catch {
            throw SigningRefusal(
                .contentDigestMalformed, "Content-Digest is a dictionary of byte sequences, each key once.")
        }
        guard !digests.isEmpty else {
            throw SigningRefusal(.contentDigestUnsupported, "Content-Digest must hold sha-256 or sha-512.")
        }
        for (algorithm, digest) in digests where algorithm.digest(of: body) != digest {
            throw SigningRefusal(
                .contentDigestMismatch,
                "\(algorithm.rawValue) in Content-Digest is not that of the body received.")
        }
    }

    private static func read(
        _ text: [UInt8]
    ) throws(StructuredFieldScanner.Malformed) -> [(Algorithm, [UInt8])] {
        var digests: [(Algorithm, [UInt8])] = []
        let dictionary = try ByteSequenceDictionary(text)
        for member in dictionary.members {
            guard let digest = dictionary.bytes(of: member) else { throw StructuredFieldScanner.Malformed() }
            if let algorithm = Algorithm(rawValue: member.key) {
                digests.append((algorithm, digest))
            }
        }
        return digests
    }
}
