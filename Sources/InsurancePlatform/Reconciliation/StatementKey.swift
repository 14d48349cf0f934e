/// One group of a day's settlements, which is compared by itself.
public struct StatementKey: Sendable, Hashable, Comparable, CustomStringConvertible {
    public var fixmedinsCode: String
    /// The day in China, `yyyy-MM-dd`.
    public var date: String
    public var insutype: String
    public var clrType: String

    public init(fixmedinsCode: String, date: String, insutype: String, clrType: String) {
        self.fixmedinsCode = fixmedinsCode
        self.date = date
        self.insutype = insutype
        self.clrType = clrType
    }

    /// Whether what the other group holds may turn out to be this one's: what is open has no clearing type yet.
    public func mayHold(_ other: StatementKey) -> Bool {
        fixmedinsCode == other.fixmedinsCode && date == other.date
            && (other.insutype == insutype || other.insutype.isEmpty)
            && (other.clrType == clrType || other.clrType.isEmpty)
    }

    public var description: String { "\(fixmedinsCode):\(date):\(insutype):\(clrType)" }

    public static func < (left: StatementKey, right: StatementKey) -> Bool {
        (left.fixmedinsCode, left.date, left.insutype, left.clrType)
            < (right.fixmedinsCode, right.date, right.insutype, right.clrType)
    }
}
