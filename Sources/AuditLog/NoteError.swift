/// Why a signed note, or a key of one, is refused.
public enum NoteError: Error, Equatable, CustomStringConvertible {
    /// Not a note at all; the reason is one clause in English.
    case malformed(_ reason: String)
    /// A verifier key that is not one, or not of a kind that is known here.
    case malformedKey(_ reason: String)
    /// A signature by this key, which is known, is wrong.
    case badSignature(_ name: String)
    /// None of the signatures is by a known key.
    case noKnownSignature

    public var description: String {
        switch self {
        case .malformed(let reason): "not a signed note: \(reason)"
        case .malformedKey(let reason): "not a verifier key: \(reason)"
        case .badSignature(let name): "the signature by \(name) is wrong"
        case .noKnownSignature: "no signature by a known key"
        }
    }
}
