/// How a site sorts the names of an envelope. The two differ for real fields: `mdtrtId` stands before
/// `mdtrtareaAdmvs` by code point and behind it when letter case doesn't count.
public enum KeyOrder: String, Sendable, Hashable, CaseIterable {
    case codePoint
    /// The letters A–Z count as a–z; names that differ in nothing else stand in code-point order.
    case caseInsensitive
}
