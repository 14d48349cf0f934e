/// The text of a document on which both sides of a signature agree.
///
/// ``python`` and ``jcs`` first take the white space off both ends of every *top-level string value*, as
/// CPython's `str.strip()` counts white space; names and nested values keep theirs.
public enum CanonicalForm: Sendable, Hashable {
    /// Versions v3.2.x: `json.dumps(params, sort_keys=True, separators=(',', ':'))` of CPython 3, byte for
    /// byte.
    ///
    /// Names sort by code point at every level, everything outside printable ASCII is escaped, integers keep
    /// all their digits (4300 at most, CPython's own limit), and other numbers print as the `repr` of the
    /// nearest double; one that rounds to infinity is `number_out_of_range`.
    case python
    /// Versions v3.3.0 and gm: RFC 8785, the JSON Canonicalization Scheme.
    ///
    /// Names sort by UTF-16 code unit, text is raw UTF-8 (a surrogate without its partner is
    /// `lone_surrogate`), and every number prints as ECMAScript prints the nearest double: an integer beyond
    /// 2⁵³ may lose digits, so such a value has to travel as a string.
    case jcs
    /// The `data` of an SM2/SM4 envelope: members that are null, "" or [] fall away at every level, numbers
    /// and booleans become strings that hold their source text, and text is raw UTF-8.
    case envelope(KeyOrder)
}
